import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Two letters swapped',
  question: {
    ask:
      'A colleague tidies up the labels, mistypes one, and web-yuanying now has `app=wbe`. What ' +
      'happens to the Endpoints object?',
    choices: {
      a: 'It loses the address of web-yuanying at once. The selector is part of the Service.',
      b: 'Nothing, until a controller asks the question again and writes a new list.',
      c: 'Nothing, ever. The list was written by hand, and belongs to the manager.',
    },
    because: [
      'The list is a copy of an answer. It was right when it was written. The API server stores objects ' +
        'and works nothing out: a selector is a question, and a question does not ask itself. A controller ' +
        'has to ask it again and write a new list.',
      'In a real cluster the controller does so within a moment, which makes it look like (a). And a list ' +
        'written by hand is not protected: it belongs to the Service of the same name, and kproxy replaced ' +
        'it without asking, as a real controller does.',
    ],
  },
  tasks: [
    {
      before: [
        'Be that colleague. `kubectl label` changes a label, and `--overwrite` is needed because the Pod has ' +
          'a label `app` already.',
      ],
      hint: '`kubectl label pod NAME LABEL=VALUE`. The misspelled value is `wbe`.',
      why: [
        'A label may be changed on a running Pod at any time. The Pod does not notice: its program ' +
          'goes on, its address stays, and it still answers. Sometimes people do this on purpose, to ' +
          'take one Pod out of a Service and look at it in peace.',
      ],
    },
    {
      before: ['Which Pods have the label now?'],
      hint: 'The same list as before, with `-l`.',
      why: [
        'This is the question as a controller would ask it now. If its answer and the list differ, ' +
          'the list is out of date.',
      ],
    },
    {
      before: ['And what does the list say?'],
      hint: 'Look at the Endpoints object again.',
      why: [
        "Comparing the two is the manager's whole art: the question gives one address, the list has " +
          'two. The list does not know.',
      ],
    },
    {
      before: [
        'A newcomer named kproxy looks over the manager\'s shoulder. "I have automated that." ' +
          '`kproxy endpoints` asks the question of a Service and writes its Endpoints object: the ' +
          'work of the endpoint controller, once.',
      ],
      hint: '`kproxy endpoints` and the name of the Service.',
      why: [
        'It reads the Service, asks for the Pods with its labels, and compares with the Endpoints ' +
          'object. If they differ it hands a new one in with `kubectl`, as you did. A real controller ' +
          'does not run once: it watches all Services and Pods, and does this at each change.',
      ],
    },
    {
      before: ['Now put the label right.'],
      hint: 'The same command as at the beginning, with the right value.',
      why: [
        'Otherwise the second server would be missing for the rest of the lesson. Again only the ' +
          'label changes; the list still has one address.',
      ],
    },
    {
      before: ['And the list:'],
      hint: 'Let kproxy ask the question once more.',
      why: [
        'A correct label alone does not bring the address back. As before, the question must be ' +
          'asked again after the change.',
      ],
    },
  ],
  after: [
    'Two addresses again. "You could have asked me this morning," says kproxy. The manager makes a note: ' +
      'start date of new colleague, tomorrow. That leaves the worker inajob, where everything is done by ' +
      'hand.',
  ],
};
