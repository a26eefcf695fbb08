import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Which packets?',
  tasks: [
    {
      before: ['The chain in the middle decides: is this packet for a Service, and must it be masqueraded?'],
      hint: 'One more new chain in the table nat: KUBE-SERVICES.',
      why: [
        'It gets two rules, and stays at two, with one Service as well as with a thousand. This is ' +
          'what the set was made for.',
      ],
    },
    {
      before: [
        'Two conditions. `-m set --match-set KUBE-CLUSTER-IP dst,dst` asks the set whether it has the ' +
          "packet's destination address and destination port. `! -s 10.244.0.0/16` means that the source is " +
          'not in this network, which is that of the Pods. If both hold, the packet jumps to the chain that ' +
          'marks.',
        'Why not the Pods? The answer to a Pod of inajob comes back to inajob anyway, since the Pod lives ' +
          'there. So Pods can keep their address, and the server sees who really called.',
      ],
      hint:
        "Append to KUBE-SERVICES: `! -s` and the Pods' network, the comment, `-m set --match-set` " +
        'with the set and `dst,dst`, and the jump to KUBE-MARK-MASQ.',
      why: [
        'IPVS sees the answer to a Pod of inajob on its way, and puts the VIP back. Nothing is to be done ' +
          'for these callers.',
        'All other callers are masqueraded, and one of them needs it most: inajob itself. When a ' +
          'program here calls the VIP, the source is the VIP too. (In the next act you can see it.) ' +
          'No Pod on another machine could answer to that.',
      ],
    },
    {
      before: [
        'The second rule is for all packets to a Service, marked or not. `ACCEPT` ends the matter ' +
          'for the table nat: no rule after it is asked at this hook.',
      ],
      hint: 'Append to KUBE-SERVICES: the same question to the set, without a comment, and `-j ACCEPT`.',
      why: [
        'MARK does not end anything: a marked packet goes on with the next rule. This one ends it. ' +
          'If other software has DNAT rules further down at the same hook, they could send the packet ' +
          'elsewhere before IPVS has seen it. On inajob there are none, and you would notice no ' +
          'difference. On a machine with more software you would.',
      ],
    },
  ],
  after: [
    'Three chains, four rules. The order of the last two counts: an ACCEPT before the jump, and ' +
      'nothing would be marked.',
  ],
};
