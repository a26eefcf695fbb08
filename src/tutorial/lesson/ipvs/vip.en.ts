import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'The VIP moves in',
  tasks: [
    {
      before: ['Now the coat goes on the hook: the VIP becomes an address of the device, and thereby of inajob.'],
      hint: '`ip addr add ADDRESS dev DEVICE`.',
      why: [
        'A packet from a Pod meets IPVS at INPUT, and only packets to an address of this machine get there. ' +
          'And a program of inajob could not even send a packet: as you saw in the first act, the kernel would ' +
          'know no way to the VIP.',
        'An address that several machines of one network have is a conflict, usually. Here it is none, ' +
          'because nothing is ever sent to it from one machine to another.',
      ],
    },
    {
      before: ['Ask again where packets to the VIP go.'],
      hint: 'You have asked the same question in the first act, with `ip route get`.',
      why: [
        'When the VIP is added to a device, the kernel writes it into its table of local addresses, ' +
          'which is looked up before all other routes. That the device is down makes no difference.',
        'Try the VIP, if you like: `curl 10.254.10.128`. It fails at once again, but for a new ' +
          'reason. inajob takes the packet, finds no program that listens on port 80, and refuses.',
      ],
    },
  ],
  after: [
    '`local` means: for this machine. In the first act the answer was "Network is unreachable".',
    'And look at `src`. If a program calls an address of its own machine, the kernel takes this address ' +
      'as the source too. So a call from inajob to the VIP also comes from the VIP, and a Pod on another ' +
      'worker cannot answer to that. Now you know for whom the mark and the masquerading are.',
    'In a cluster, every worker takes every VIP like this. A call is balanced on the worker on which its ' +
      'caller runs, and leaves it with the address of a Pod.',
  ],
};
