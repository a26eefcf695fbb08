import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'The second worker',
  tasks: [
    {
      before: [
        'So far, yuanying has only housed a Pod. Nothing was set up there, so neither its programs nor its ' +
          'Pods could call the Service. It is the same command, on another machine: kproxy takes its node from ' +
          'the host name.',
      ],
      hint: 'On yuanying: the same `kproxy sync` as on inajob.',
      why: [
        '`vs/conntrack` is a switch that each machine has for itself, and that of yuanying was still 0. This is the ' +
          'one change beside the additions in the last line.',
      ],
    },
    {
      before: ['Two requests from yuanying. Compare the addresses that the Pods see with those from inajob.'],
      hint: 'On yuanying: the usual loop.',
      why: [
        'There is no central load balancer. Each worker balances what starts on it, with its own turns and its own ' +
          'table. So every worker needs the same work, and a cluster with a thousand workers has a thousand ' +
          'Inazu-kuns.',
      ],
    },
  ],
};
