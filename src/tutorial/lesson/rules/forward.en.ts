import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'The doorkeeper',
  tasks: [
    {
      before: [
        'One thing is left. Packets that only pass through inajob, such as the answers to its Pods, can be ' +
          'stopped at FORWARD. If no rule decides about a packet, the policy of the built-in chain does. Here ' +
          'it is ACCEPT; on many machines it is DROP, and Inazu-kun prepares for that. A last chain, this time ' +
          'in the table filter:',
      ],
      hint: '`-t filter`, and the chain is KUBE-FORWARD.',
      why: [
        'Docker, to name one, sets the policy of FORWARD to DROP, so that its machine does not ' +
          'carry the packets of strangers. Then calls from Pods to a Service are answered only thanks ' +
          'to this chain. Later you will try it.',
      ],
    },
    {
      before: [
        '`ACCEPT` in the table filter means: let it pass. The first rule is for marked packets. On inajob it ' +
          'will have nothing to do: what IPVS sends does not pass FORWARD, as the map shows. But kube-proxy ' +
          'can also work without IPVS, and then this rule is needed.',
      ],
      hint:
        'Append to KUBE-FORWARD: the comment "kubernetes forwarding rules", the condition on the mark ' +
        'that you have used before, and `-j ACCEPT`.',
      why: [
        "kube-proxy's mode without IPVS uses iptables alone. There a packet to a VIP gets another " +
          'destination at PREROUTING and is forwarded to the Pod, mark and all. kube-proxy writes the same ' +
          'rule in both modes.',
      ],
    },
    {
      before: [
        'The second lets the packets of Pods pass if they belong to a known connection. `-m conntrack ' +
          "--ctstate RELATED,ESTABLISHED` asks conntrack, the kernel's list of connections: does the packet " +
          'belong to a connection in which both sides have spoken (this packet counts), or does it report an ' +
          'error in one?',
      ],
      hint:
        "`-s` with the Pods' network, the comment, `-m conntrack --ctstate RELATED,ESTABLISHED`, and " + '`-j ACCEPT`.',
      why: [
        'This is the rule that counts. If a Pod calls the Service, the answer passes FORWARD of ' +
          'inajob on its way back. The connection is known by then, because the call has gone the ' +
          'other way. If the answers are dropped here, the caller waits in vain, though the server ' +
          'has answered dutifully.',
        'A packet that opens a new connection is not let through by this rule. A Service does not ' +
          'need it, and the rest is for the owner of the machine to decide.',
      ],
    },
    {
      before: ['The third is the same for packets on their way to a Pod, `-d` instead of `-s`.'],
      hint: '`-d` with the Pods\' network; in the comment it says "destination rule".',
      why: [
        'It is for the other direction: once a connection is known, its further packets to a Pod ' +
          'pass as well. For example, if a Pod has called a machine outside the cluster, the answers ' +
          'come this way.',
      ],
    },
    {
      before: ['And the jump from FORWARD, at the top.'],
      hint: 'Insert it in FORWARD of the table filter. The comment is "kubernetes forwarding rules".',
      why: [
        'At the top for the same reason as before: it must come before any rule that drops. While ' +
          'the policy is ACCEPT, you see the difference only in the counters of the rules.',
      ],
    },
  ],
  after: [
    'All rules are written: four chains, seven rules and four jumps. That is enough, however many ' +
      'Services the manager signs. Inazu-kun puts the pen down and looks at his hands.',
  ],
};
