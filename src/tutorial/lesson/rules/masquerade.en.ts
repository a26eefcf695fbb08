import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Acting on the note',
  tasks: [
    {
      before: ['The mark is read where the source may be changed. Another new chain, empty at first:'],
      hint: 'The same as before, and the chain is KUBE-POSTROUTING.',
      why: [
        'With a chain of its own, instead of rules in POSTROUTING, all that belongs to Services is ' +
          'in one place. Other software has rules in POSTROUTING too. Separate chains show whose rule ' +
          'is whose.',
      ],
    },
    {
      before: [
        'The rule: `-m mark --mark 0x4000/0x4000` is its condition, the bit must be set. `MASQUERADE` is its ' +
          'action: the source becomes the address that inajob has on the network device through which the ' +
          'packet leaves. `-m comment --comment` is only a note for people. (SNAT in it means NAT of the ' +
          'source.)',
      ],
      hint:
        'Append to KUBE-POSTROUTING: the comment "kubernetes service traffic requiring SNAT", `-m mark` with ' +
        'the bit, and `-j MASQUERADE`.',
      why: [
        'Take a call from inajob itself. You will see later that its source is the VIP. Without ' +
          'this rule it stays the VIP. The Pod on inajob can answer, since inajob is where the VIP ' +
          'will be. The Pod on yuanying sends its answer to a VIP that yuanying knows nothing about, ' +
          'and the answer is lost.',
        'inajob has several addresses. The kernel takes the one of the device through which the ' +
          'packet leaves, because the receiver can surely reach that one: 10.244.1.1 on the way to ' +
          'its own Pods, 192.168.33.11 on the way to yuanying.',
      ],
    },
  ],
  after: [
    'And the answers? You write nothing for them. The kernel keeps a list of all connections, called ' +
      'conntrack. It notes which address was replaced in the first packet, does the same with all further ' +
      'packets of the connection, and puts the old address back in the answers. So the table nat is asked ' +
      'for the first packet of a connection only, and a new rule does not change connections that exist.',
    'Mark first, act later: both halves are written, and still no packet comes by. For that the ' +
      'chains must be connected to the hooks, and this comes last: a motorway opens when its exits ' +
      'are built.',
  ],
};
