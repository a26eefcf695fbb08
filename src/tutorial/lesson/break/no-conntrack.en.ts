import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 2: without vs/conntrack',
  question: {
    ask:
      'Every rule is in its place again, mark and all. Only one number changes: `vs/conntrack` goes from 1 to 0. ' +
      'Then inajob calls the Service twice. What happens?',
    choices: {
      a: 'Both requests are answered. All rules are there, and conntrack only watches connections.',
      b: 'No request is answered. Without conntrack IPVS does not know where an answer belongs.',
      c: 'One request is answered, the other one is not, as in experiment 1.',
    },
    because: [
      'The clients see exactly what they saw in experiment 1. The rules of the table nat do not change ' +
        'packets themselves. They decide once, for the first packet of a connection, and conntrack keeps the ' +
        'decision and applies it. If `vs/conntrack` is 0, IPVS hides its connections from conntrack. Then no ' +
        'decision can be kept, and the kernel does not even ask `KUBE-POSTROUTING`.',
      '(b) mixes up two lists. IPVS has a list of connections of its own, which `ipvsadm -Lnc` prints. It finds the ' +
        'way back in that one, with or without conntrack.',
      '(a) is what everyone believes who reads only the rules. `iptables-save`, which prints all of them, ' +
        'looks perfect at this moment.',
    ],
  },
  tasks: [
    {
      before: ['The command is the one of act 3, with 0 instead of 1. Nothing else is touched.'],
      hint: 'Write 0 into the same file below /proc/sys/net/ipv4/vs in which you once wrote 1.',
      why: [
        '0 is what the kernel starts with. IPVS is older than its friendship with conntrack, and by itself it works ' +
          'faster without: there is one list less to keep.',
      ],
    },
    {
      before: [
        'Two requests. Look at the counters in what moved: which rules have counted these packets, and which ' +
          'one has not? (Some have counted more than two: if conntrack remembers nothing, every packet is the ' +
          'first one.)',
      ],
      hint: 'Call 10.254.10.128 twice on inajob, with `curl -m 1`.',
      why: [
        'The rule with `MARK` has counted: the packets were marked on their way in. The rule with ' +
          '`MASQUERADE` has not moved at all. It was not asked.',
      ],
    },
    {
      before: [
        '`--source node` shows every step of one client, here of inajob itself. That is long, so `tail` keeps the ' +
          'end: the way to web-yuanying, and the verdict.',
      ],
      hint: '`kproxy explain web-service` takes the client after `--source`. `node` is this machine.',
      why: [
        'Read the paragraph POSTROUTING: the packet passes it, and nothing in the table nat is evaluated. Then look ' +
          'at the source with which it leaves.',
      ],
    },
  ],
};
