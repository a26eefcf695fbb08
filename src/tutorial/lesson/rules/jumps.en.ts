import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Connecting to the hooks',
  tasks: [
    {
      before: [
        'Now the chains get their packets. `-I` inserts a rule at the top of a chain. The first ' +
          'jump goes into PREROUTING of the table nat and leads to KUBE-SERVICES. Packets from Pods ' +
          'and from other machines come this way.',
      ],
      hint: 'Insert with `-I PREROUTING` in the table nat: the comment "kubernetes service portals", and the jump.',
      why: [
        'The first place in the chain matters: a rule of other software before it could decide ' +
          'about the packet, and KUBE-SERVICES would never see it.',
        'Without this jump, calls from Pods still work: they are not to be masqueraded anyway. But callers ' +
          'from other machines would not be masqueraded either, and if such a call lands at the Pod on ' +
          'yuanying, the answer goes past inajob, and the caller throws it away.',
      ],
    },
    {
      before: [
        "Packets of inajob's own programs do not pass PREROUTING, since they do not arrive from " +
          'anywhere. They begin at OUTPUT.',
      ],
      hint: 'The same rule, inserted in OUTPUT.',
      why: [
        'Without this jump its packets are not marked, and keep the source that they began with. Pods reach ' +
          'the Service all the same, so a test from a Pod does not find the mistake.',
      ],
    },
    {
      before: ['And at POSTROUTING, where every packet leaves, the jump to the chain that masquerades.'],
      hint: 'Insert in POSTROUTING: the comment "kubernetes postrouting rules", and the jump to KUBE-POSTROUTING.',
      why: [
        'Only here may the source be changed: the kernel knows now through which device the packet ' +
          'leaves, and so which address MASQUERADE has to use. Without this jump all marks are set ' +
          'and none is read.',
      ],
    },
  ],
  after: [
    'From now on each new connection from or through this machine passes KUBE-SERVICES. Nothing is ' +
      'different for it yet: the set is empty, so its answer is always "no". Inazu-kun opens the motorway ' +
      'and there is no traffic. He waves anyway.',
  ],
};
