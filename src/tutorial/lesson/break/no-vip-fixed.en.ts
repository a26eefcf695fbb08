import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 3: the address is put back',
  tasks: [
    {
      before: [
        'This time the difference is listed below `default/web-service`, not below `the node itself`. The address ' +
          'belongs to one Service. The rules and the device are there for all of them.',
      ],
      hint: '`kproxy diff`, with both options.',
      why: [
        'This is how the work grows: the rules are made once for each worker. A new Service brings an entry in a ' +
          'set, an address, a virtual server and its real servers.',
      ],
    },
    {
      before: ['One thing is missing, one thing is added.'],
      hint: '`kproxy sync`, with both options. Or `ip addr add`, as in act 3.',
      why: [
        'It is 10.254.10.128/32 again: a single address that brings no network with it. Every VIP is added like ' +
          'this, and each one can be removed without touching the others.',
      ],
    },
    {
      before: ['Two requests from the Pod.'],
      hint: 'The usual loop, on client-inajob.',
      why: ['The Pods see 10.244.1.9: a Pod is a client whose address is kept.'],
    },
  ],
};
