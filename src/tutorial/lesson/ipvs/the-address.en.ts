import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Which address?',
  tasks: [
    {
      before: [
        'All that came before is done once on a machine. From here on it is about one Service, and ' +
          'for the next Service you would begin here. Inazu-kun looks up what the manager has signed, ' +
          'for he trusts his memory less than paper.',
      ],
      hint: 'The list of Services, this time on inajob.',
      why: [
        'Objects of the cluster can be read on every machine, and that is how kube-proxy on each ' +
          'worker learns of them. It gets no orders. It reads, watches for changes, and does what ' +
          'follows from them on its own machine.',
      ],
    },
  ],
  after: [
    '10.254.10.128, port 80, TCP. These three are all that is needed of the Service now. The ' +
      'selector does not concern the worker.',
  ],
};
