import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 7: three letters, three steps',
  tasks: [
    {
      before: ['To correct the label is one command.'],
      hint: 'On master: the same command as before, with `app=web`.',
      why: ['And nothing happens, once more. By now you know why.'],
    },
    {
      before: ['To correct what follows from it takes two more. The controller:'],
      hint: 'On master: `kproxy endpoints web-service`.',
      why: ['Two addresses again.'],
    },
    {
      before: ['And the worker:'],
      hint: 'On inajob: `kproxy sync`, with both options.',
      why: [
        'In a cluster both of them wait for changes all the time, so that these two steps take well under a second. ' +
          '`kproxy endpoints --watch` and `kproxy sync --watch` do that.',
      ],
    },
    {
      before: ['Two requests, two Pods.'],
      hint: 'On inajob: the usual loop.',
      why: ['Label, controller, worker, kernel: the packets follow at the very end.'],
    },
  ],
};
