import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 3: without the address on kube-ipvs0',
  question: {
    ask:
      'No cable leads to kube-ipvs0, and it never sends a packet. Surely its address is decoration. Inazu-kun takes ' +
      'it off. Virtual server, real servers, set and rules all stay. Who can still call the Service?',
    choices: {
      a: 'Everyone. The virtual server has the address and the port, and that is all that IPVS needs.',
      b: 'The Pods. Only processes of inajob itself need an address on a device.',
      c: 'No one. The packets never come to the place where IPVS waits.',
    },
    because: [
      'IPVS does not stand at the door. It waits behind it: in INPUT, for packets that are meant for ' +
        'this machine, and in OUTPUT, for packets of its own processes. Routing comes before both, and routing asks ' +
        'whether the destination is an address of this machine. The dummy device is there to make the answer yes.',
      'Without the address a packet of a Pod is a packet for somewhere else, to be forwarded, and INPUT ' +
        'never sees it. A program on inajob does not even get that far: no route, no packet.',
      '(a) would be true if IPVS saw every packet. (b) is half a truth: without an address, the node itself has no ' +
        'source to call from. But the Pods need the address just as much, for the decision about their packets.',
    ],
  },
  tasks: [
    {
      before: [
        '`ip addr del` takes the address off the device. The `/32` says that it is this single address, without a ' +
          'network around it. Without it, `ip` would remove it too, and complain.',
      ],
      hint: 'You added it by `ip addr add`. The opposite of `add` is `del`.',
      why: [
        "With the address goes its route in the kernel's table of local addresses. `ip route show table local` " +
          'lists them. That table is asked before all others.',
      ],
    },
    {
      before: ['Look at IPVS first. Is anything missing there?'],
      hint: 'The command that lists virtual servers, without looking up names.',
      why: [
        'IPVS does not check whether the address of a virtual server is an address of the machine. It is not ' +
          'its business: it balances what comes to it. (The calls without an answer of the last experiments ' +
          'may still be in ActiveConn. For a minute, IPVS takes them for connections that are being opened.)',
      ],
    },
    {
      before: ['Now two requests from a Pod.'],
      hint: 'On client-inajob: the usual loop, or any `curl -m 1 10.254.10.128`.',
      why: [
        'The Pod sends its packet to inajob, as always. inajob has nothing to do with this address any more, and ' +
          'has no route to it. So it says "network unreachable", and curl gives up at once. On a machine with a ' +
          'default route the packet would leave for the Internet instead and get lost there: a `curl: (28)`.',
      ],
    },
    {
      before: ['And two from inajob itself.'],
      hint: 'On inajob: the usual loop.',
      why: ['Not even a packet is made: the kernel must know the route before it can choose the source.'],
    },
    {
      before: [
        '`--source pod/client-inajob` follows a packet of that Pod. Notice how short its way has become. The ' +
          'rules at PREROUTING still see it and accept it, and then routing has its say.',
      ],
      hint: '`kproxy explain web-service`, and `--source pod/client-inajob` besides the two options.',
      why: [
        'An accepted packet is not a delivered one. `ACCEPT` only ends the search for rules in this table. Where ' +
          'the packet goes is decided by routing.',
      ],
    },
  ],
};
