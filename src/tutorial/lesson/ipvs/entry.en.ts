import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'The VIP joins the set',
  tasks: [
    {
      before: [
        'The rules ask the set, so the set must know the VIP. An entry is written as address, protocol and port.',
      ],
      hint: '`ipset add SET ENTRY`. The protocol stands before the port, with a colon: `tcp:80`.',
      why: [
        'With this one line all rules apply to the Service, and this is all that a further Service needs of ' +
          'them. Without it, IPVS would still balance, but no packet to the VIP would be marked, and so none ' +
          'would be masqueraded.',
      ],
    },
  ],
  after: ['The set has one entry. No rule was touched.'],
};
