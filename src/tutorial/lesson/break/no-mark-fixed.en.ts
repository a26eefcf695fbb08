import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 1: the mark is put back',
  tasks: [
    {
      before: [
        '`kproxy diff` compares this worker with what the Services need. It should find one thing, and say ' +
          'what that is good for.',
        'Its exit code is 1 if there is a difference, and 0 if there is none. So a script can ask, too.',
      ],
      hint: 'You know the command from the end of the act before: `kproxy diff`, with both options.',
      why: [
        'kproxy keeps no record of what it did. It computes what the worker should have from the Services and ' +
          'Endpoints, reads what the kernel has, and compares. So it does not matter who removed the rule.',
      ],
    },
    {
      before: [
        '`kproxy sync` makes the changes that `kproxy diff` lists, and no others. The numbers in its last ' +
          'line are the same. (A chain counts as one thing together with its rules, so this is a change and ' +
          'not an addition.)',
      ],
      hint: 'The same options again, and `sync` instead of `diff`. Or put the rule back by hand, as in act 2.',
      why: [
        'You may also put the rule back yourself: the check looks at the kernel, not at who typed. kproxy does it ' +
          'in one batch and reads the chain again afterwards, to be sure.',
      ],
    },
    {
      before: ['And the proof: two requests, two answers.'],
      hint: 'The same loop as before.',
      why: [
        'The Pods see 10.244.1.1 and 192.168.33.11. Both are addresses of inajob: MASQUERADE takes the address of ' +
          'the device through which the packet leaves.',
      ],
    },
  ],
};
