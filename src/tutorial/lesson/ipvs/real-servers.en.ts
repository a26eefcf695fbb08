import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Servers that are there',
  tasks: [
    {
      before: [
        'The servers behind a virtual server are called real servers, here the Pods. `-a` adds one ' +
          'to the virtual server of `-t`, and `-r` names its address and port. `-m` makes IPVS ' +
          'replace the destination, from VIP and port 80 to Pod and port 8080.',
      ],
      hint:
        'Two lines set the variables. Then `ipvsadm -a`, with the virtual server after `-t`, the real ' +
        'server after `-r`, and `-m`.',
      why: [
        '`-m` is short for masquerading, the name that IPVS has for its DNAT. It is not the ' +
          'MASQUERADE of iptables, which replaces the source. Two parts of one kernel, one word, two ' +
          'meanings, and no apology so far.',
        'Without `-m`, ipvsadm chooses the way "Route": IPVS sends the packet to the Pod without ' +
          'changing it. The Pod does not have the VIP, so it does not take the packet. And with Route ' +
          'the port cannot change, so ipvsadm makes port 80 of your 8080, without a word.',
      ],
    },
    {
      before: ['And the second one. The shell still knows the variables.'],
      hint: 'The same command with the other variable.',
      why: [
        'The order makes no difference for balancing: IPVS takes the servers in turn, and it does ' +
          'not matter where it begins.',
        'The VIP has answered since the first real server was added. A real server can be added or removed ' +
          'at any time, and each new connection goes by the list as it is then.',
      ],
    },
  ],
  after: [
    'Two real servers, Masq, each with weight 1. (For rr a weight of 0 means no new connections, and all ' +
      'others are alike.) This was the last piece.',
  ],
};
