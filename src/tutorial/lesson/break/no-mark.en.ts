import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 1: without the mark',
  question: {
    ask:
      'Inazu-kun starts with the piece that looks most useless. The only rule of `KUBE-MARK-MASQ` neither accepts ' +
      'nor drops anything: it writes a mark on packets, and that is all. He deletes it, and calls the Service twice ' +
      'from inajob itself. What happens?',
    choices: {
      a: 'One request is answered, the other one is not. It depends on the Pod.',
      b: 'Both requests are answered. The mark is only a note, and IPVS does the work.',
      c: 'No request is answered. Packets without the mark do not reach IPVS.',
    },
    because: [
      'The mark itself does nothing, but masquerading depends on it. Without masquerading a ' +
        'packet keeps the source that it began with. A program that calls an address of its own machine gets ' +
        'this address as its source, too: these packets go from 10.254.10.128 to 10.254.10.128. IPVS ' +
        'replaces the destination and leaves the source alone.',
      'web-inajob answers to 10.254.10.128. That is an address of inajob, so the answer arrives. web-yuanying ' +
        'answers to it as well, but yuanying knows no way to that address and throws the answer away.',
      'So (b) forgets the way back. And (c) takes the mark for a ticket, but IPVS never asks for it: every packet ' +
        'for its address and port is balanced.',
    ],
  },
  tasks: [
    {
      before: [
        '`-D KUBE-MARK-MASQ 1` deletes the first rule of this chain, which has no other. The chain itself stays, ' +
          'and `KUBE-SERVICES` still jumps to it: packets go in, and come out without a mark.',
      ],
      hint: '`-D` deletes. It takes the name of the chain and the number of the rule.',
      why: [
        'A mark is a number that the kernel keeps beside the packet while it is on this machine. It is not part of ' +
          'the packet, so no other machine sees it. The decision to masquerade is made early, while the packet ' +
          'still has the VIP as its destination. The source can only be changed late, in POSTROUTING, where the VIP ' +
          'is gone. The mark carries the decision from one place to the other.',
      ],
    },
    {
      before: ['Two requests from inajob itself. Read the address that the Pod saw.'],
      hint: 'Call 10.254.10.128 twice on inajob, with a time limit: `curl -m 1`.',
      why: [
        'One request is not enough to see a fault that hits every other request. In real life this is the kind that ' +
          'takes longest to find: whoever tries once more says that it works.',
      ],
    },
    {
      before: [
        'Ask the newcomer. `kproxy explain` reads the rules, sets, routes and virtual servers of this worker, and ' +
          'works out what happens to a packet, there and back. It sends nothing.',
        'For each kind of client and each Pod behind the Service, its backend, there is a row: what the ' +
          'client gets, and the source that the Pod sees. (An address that ends in 250 stands for any client ' +
          'of its kind.) A number in brackets leads to the reason below. Ignore [1] for now, it is the last ' +
          'experiment.',
      ],
      hint: 'The command is `kproxy explain`, with the name of the Service and the two options that `kproxy diff` got.',
      why: [
        'The row `this node` says which source the Pods see: 10.254.10.128. The row `machine outside` has the same ' +
          'missing rule as its reason, but another end: a Pod on yuanying can reach that machine directly and does ' +
          'so, past inajob. The client then gets an answer from an address that it never called, and drops it.',
      ],
    },
    {
      before: [
        'web-yuanying sees 10.254.10.128 as the source, and sends its answer there. kproxy says that the ' +
          'node of web-yuanying has this VIP itself. In a finished cluster every worker has it. Ours is not ' +
          'finished: yuanying has not been set up yet. Ask it where it would send such a packet.',
      ],
      hint: '`ip route get` takes an address and says where packets to it would go. Run it on yuanying.',
      why: [
        'In the last act yuanying is set up, too, and has the VIP. That does not help: the answer then stays ' +
          'on yuanying, which takes it for its own. In both cases it never comes back to inajob.',
      ],
    },
  ],
  after: [
    'The Pods on inajob have noticed nothing. Their requests are not marked anyway: they keep their own addresses, ' +
      'and every worker knows the way to those.',
  ],
};
