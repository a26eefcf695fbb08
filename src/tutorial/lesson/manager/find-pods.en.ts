import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Asking the question',
  tasks: [
    {
      before: [
        '`-l` (for label) asks the same question that the Service asks: list only the Pods with the ' +
          'label `app=web`.',
      ],
      hint: 'The list of Pods again, with `-l` and the selector of the Service.',
      why: [
        'A controller asks this question whenever a Service or a Pod changes, and so it notices new ' +
          'Pods without being told their names. Only labels count. It makes no difference on which ' +
          'node a Pod runs, and which program is in it.',
      ],
    },
  ],
  after: [
    'Two of three. client-inajob has the label `app=client`, so it does not belong to the Service, ' +
      'although it is an honest Pod. The manager notes two addresses, and feels productive.',
  ],
};
