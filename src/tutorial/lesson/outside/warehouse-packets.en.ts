import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A packet leaves the cluster',
  question: {
    ask:
      'The worker adds the real server. When inajob calls the VIP of the warehouse, the source is masqueraded, as ' +
      'always. But when the Pod client-inajob, 10.244.1.9, calls it: whom does the warehouse see?',
    choices: {
      a: '10.244.1.9, the Pod itself.',
      b: '192.168.33.11, the worker. What leaves the cluster is masqueraded.',
      c: '10.254.10.129, the VIP. That is the address that was called.',
    },
    because: [
      'The rule that marks asks where a packet comes from, and not where it goes: `! -s ' +
        '10.244.0.0/16`. At that moment it is not known yet that the packet will leave the cluster. IPVS ' +
        'decides later.',
      'So the warehouse must know a way to the Pods. Here it does: it sends packets for 10.244.1.0/24 to ' +
        'inajob, so its answer comes back through the IPVS that has changed the destination. Without this ' +
        'route the Pod would wait in vain. In many clusters the network plugin, which builds the network of ' +
        'the Pods, masquerades whatever leaves it. There (b) is right.',
      '(c) would be the case of experiment 1, and only for a process of the worker itself.',
    ],
  },
  tasks: [
    {
      before: ['One address in the Endpoints object, one real server.'],
      hint: 'On inajob: `kproxy sync`, with `--cluster-cidr 10.244.0.0/16`.',
      why: ['IPVS treats it as it treats Pods. For the kernel a real server is an address and a port.'],
    },
    {
      before: ['From inajob.'],
      hint: 'On inajob: `curl -m 1`, and the VIP of the warehouse.',
      why: ['The mark, MASQUERADE, conntrack: the rules are those that serve web-service.'],
    },
    {
      before: ['And from the Pod.'],
      hint: 'On client-inajob: the same command.',
      why: ['A program in the cluster calls 10.254.10.129 and has no idea that there is a basement.'],
    },
    {
      before: ['What did it take? Look at the set that the rules ask.'],
      hint: 'On inajob: `ipset list`, with the name of the set with the cluster IPs.',
      why: [
        'Each Service port is an entry. To ask a hash set with ten thousand entries takes about as long as with two.',
      ],
    },
  ],
};
