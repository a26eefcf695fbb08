import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 5: the jump is put back',
  tasks: [
    {
      before: [
        'Two things have changed since all was well: the policy and the jump. `kproxy diff` names only one of them. ' +
          'Which one, and why not the other?',
      ],
      hint: '`kproxy diff`, with both options.',
      why: [
        'The jump is something a Service needs. The policy is a decision of whoever runs the machine, and a Service ' +
          'works with either. kproxy has no opinion on it, and touches nothing that is not its own.',
      ],
    },
    {
      before: ['kproxy puts the jump back at the beginning of FORWARD.'],
      hint: '`kproxy sync`, with both options. Or the command of act 2.',
      why: [
        'At the beginning, so that no other rule can drop the packets first. That is what `-I` does, while `-A` ' +
          'appends.',
      ],
    },
    {
      before: ['Two requests from the Pod. The policy is still DROP.'],
      hint: 'On client-inajob: the usual loop.',
      why: ['The jump alone has made the difference: now the answers find the rule that accepts them.'],
    },
    {
      before: [
        'The security department has moved on to another floor. Set the policy back, by hand: no Service needs it, ' +
          'so kproxy would never do it for you.',
      ],
      hint: '`-P` again, with the other policy.',
      why: ['Otherwise the Pods could not call each other directly in the experiments that follow.'],
    },
  ],
};
