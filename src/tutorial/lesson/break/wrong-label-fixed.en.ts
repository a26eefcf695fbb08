import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 7: the worker reads the forms',
  tasks: [
    {
      before: ['`kproxy diff` reads both: the forms of the office and the kernel of the worker. There is the gap.'],
      hint: 'On inajob: `kproxy diff`, with both options.',
      why: ['It is the same difference as for the dead web server. The worker does not know the reason and need not.'],
    },
    {
      before: ['The worker carries out what the form says.'],
      hint: 'On inajob: `kproxy sync`, with both options.',
      why: [
        "The form is wrong, and kproxy obeys it all the same. It is not the worker's business to guess what the " +
          'manager meant.',
      ],
    },
    {
      before: ['Four requests. web-yuanying runs, is well, and gets nothing.'],
      hint: 'On inajob, the usual loop, with 1 2 3 4.',
      why: [
        'So a healthy Pod without any traffic is a reason to look at labels. `kubectl get pod --show-labels` on one ' +
          'side, the selector of `kubectl get service -o wide` on the other.',
      ],
    },
  ],
};
