import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'The first answer',
  tasks: [
    {
      before: [
        'The moment has come. Inazu-kun closes the door, straightens his tie, and types the same ' +
          'command that failed in the first act.',
      ],
      hint: '`curl` and the VIP.',
      why: [
        'What happens now: the packet begins at OUTPUT, with the VIP as its source and its ' +
          'destination. KUBE-SERVICES finds the VIP in the set and has it marked. IPVS picks a Pod ' +
          'and replaces the destination. At POSTROUTING the mark is found, and the source is replaced ' +
          'too. In the answer, both addresses are put back.',
      ],
    },
    {
      before: [
        'It answers! The caller that the Pod saw is 10.244.1.1. That is inajob too, by its address on the ' +
          'network of its own Pods: MASQUERADE has put it in the place of the VIP. Do it four times, to see ' +
          'both servers.',
      ],
      hint: 'A loop of the shell: `for i in 1 2 3 4; do COMMAND; done`.',
      why: [
        'inajob has an address on each of its networks, and MASQUERADE takes the one on the side where the ' +
          'packet leaves. On the way to yuanying that is 192.168.33.11, and on the way to its own Pods ' +
          '10.244.1.1.',
      ],
    },
    {
      before: ['And from a Pod. This runs in client-inajob, whose packets come to inajob through PREROUTING.'],
      hint: 'The same loop, in the Pod client-inajob.',
      why: [
        'The Pod itself has no set, no rule and no IPVS. It sends a packet to the VIP, as to any ' +
          'address, and its worker takes care of the rest. That is why each worker has to be set up, ' +
          'and why no program has to know about Services.',
      ],
    },
  ],
  after: [
    "Each server in turn, and both saw 10.244.1.9, the Pod's own address: the rule with `! -s " +
      '10.244.0.0/16` has left it alone.',
    'The counters tell the same story. Calls from inajob went through KUBE-MARK-MASQ, those of the Pod ' +
      'did not, and of each connection the table nat has counted only the first packet. And KUBE-FORWARD ' +
      'has let the answers to the Pod pass, by its second rule, since they also come from a Pod. The other ' +
      'two rules of KUBE-FORWARD are still at 0; every other rule has had its packets.',
  ],
};
