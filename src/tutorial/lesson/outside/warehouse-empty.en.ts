import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A VIP with nothing behind it',
  tasks: [
    {
      before: [
        'The worker does what it can with half an order. From here on kproxy uses the full profile, so `--profile ' +
          'tutorial` is gone from the command.',
        'Look at what moved: no rule has been added. The second Service is an address, a virtual server, and ' +
          'an entry in each of two sets. (KUBE-IPVS-IPS is a set of the full profile.)',
      ],
      hint: 'On inajob: `kproxy sync`, with `--cluster-cidr 10.244.0.0/16`.',
      why: [
        'This is what the sets are for. `KUBE-SERVICES` asks "is it in the set?", and the question stays the same ' +
          'for two Services and for ten thousand.',
      ],
    },
    {
      before: ['Call it.'],
      hint: 'On inajob: `curl -m 1`, and the new VIP.',
      why: [
        'IPVS has a virtual server without a real server: no one to send the packet to. It refuses at once. ' +
          'That is kinder than silence, because the client need not wait.',
      ],
    },
    {
      before: ['And what does the newcomer say about it?'],
      hint: 'On inajob: `kproxy explain warehouse`, with the option from above.',
      why: [
        'Refused by a virtual server without real servers, refused by a Pod without a process: for curl both are ' +
          'the same `(7)`. The explanation tells them apart.',
      ],
    },
  ],
};
