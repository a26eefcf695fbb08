import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 6: the web server is back',
  tasks: [
    {
      before: ['The same three in the same order, for good news. The web server first.'],
      hint: 'On web-yuanying: the opposite of `web stop`.',
      why: ['The Pod is ready again, but no request comes yet: inajob has not been told.'],
    },
    {
      before: ['The controller.'],
      hint: 'On master: `kproxy endpoints web-service`.',
      why: ['The address moves back to the list of those that are ready.'],
    },
    {
      before: ['The worker. Is the real server added, or does it get its weight back?'],
      hint: 'On inajob: `kproxy sync`, with both options.',
      why: [
        'It depends on how long you have been reading. If IPVS still had it with weight 0, the weight becomes 1. If ' +
          'kproxy had removed it, it is added. What counts is what the kernel has, not what was done before.',
      ],
    },
    {
      before: ['Two requests, two Pods.'],
      hint: 'On inajob: the usual loop.',
      why: ['IPVS gives turns to every row whose weight is not 0.'],
    },
  ],
};
