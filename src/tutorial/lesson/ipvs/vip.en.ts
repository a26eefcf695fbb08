import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'The VIP moves in',
  tasks: [
    {
      before: ['Now the coat goes on the hook: the VIP becomes an address of the device, and thereby of ' + 'inajob.'],
      hint: '`ip addr add ADDRESS dev DEVICE`.',
      why: [
        'A packet from a Pod meets IPVS at INPUT, and only packets to an address of this machine ' +
          'get there. And the programs of inajob itself could not even send a packet: as you saw in ' +
          'the first act, the kernel would know no way to the VIP.',
        'In a cluster, each worker has all VIPs in this way. That is no conflict: a packet to a VIP ' +
          'never gets beyond the machine on which its caller lives.',
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
    '`local` means: for this machine. Compare it with "Network is unreachable" in the first act.',
    "And look at `src`: if inajob itself calls the VIP, the caller's address is the VIP too. Here " +
      'is the call that no Pod elsewhere could answer. Now you know for whom the marks and the ' +
      'masquerading are.',
  ],
};
