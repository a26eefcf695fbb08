import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A server that is not there',
  tasks: [
    {
      before: [
        'What IPVS balances is called a virtual server: an address with a protocol and a port. `-A` ' +
          'adds one, `-t` says TCP and names it, and `-s rr` chooses how the connections are dealt ' +
          'out: rr is round robin, each server in turn.',
      ],
      hint: '`ipvsadm -A -t ADDRESS:PORT -s SCHEDULER`.',
      why: [
        'From now on, IPVS takes every packet to 10.254.10.128:80 that reaches it, and no program ' +
          'of inajob will ever see one. The entry in the set and the virtual server do not know of ' +
          'each other: the one is for the rules of iptables, the other for IPVS. You have to keep ' +
          'both alike. (kproxy raises a hand: "I like that sort of thing.")',
        'rr is a scheduler. There are others, such as lc: the server with the fewest connections.',
      ],
    },
  ],
  after: [
    'The virtual server is there, and no server is behind it. A call would be refused: IPVS takes ' +
      'the packet, finds no server, and says so to the caller.',
  ],
};
