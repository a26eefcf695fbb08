import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Who is behind it?',
  tasks: [
    {
      before: [
        "Now the second sheet from the manager's tray. Inazu-kun does not look for Pods. He reads " + 'the list.',
      ],
      hint: '`kubectl get` and the kind of object that the manager has written.',
      why: [
        'That the worker takes addresses from the list, and not from the Pods, makes Services ' +
          'flexible: whatever is on the list gets connections, be it a Pod or not. Later you will put ' +
          'something else on it.',
      ],
    },
  ],
  after: [
    'Two addresses, each with port 8080. This list is all that a worker learns about the Pods behind the Service.',
  ],
};
