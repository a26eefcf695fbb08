import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 4: FORWARD drops what it does not know',
  question: {
    ask:
      'The security department has heard that inajob forwards packets. It is shocked, and sets the policy of the ' +
      'chain FORWARD to DROP: a forwarded packet that no rule accepts is thrown away. `KUBE-FORWARD` is as you made ' +
      'it. The Pod client-inajob calls the Service twice. What happens?',
    choices: {
      a: 'Both requests are answered. `KUBE-FORWARD` accepts what has to pass.',
      b: 'Only web-inajob answers. It is on the same machine, so nothing is forwarded.',
      c: 'No request is answered. Whatever a Pod sends has to be forwarded.',
    },
    because: [
      'A request to the VIP is not forwarded at all. The VIP is an address of inajob, so the ' +
        'packet goes to INPUT, and there IPVS takes it. What IPVS sends to the Pod leaves like a packet of ' +
        'inajob itself, by OUTPUT and POSTROUTING. (The map left out this OUTPUT: the table nat has decided ' +
        'by then and is not asked again.)',
      {
        picture: `  request   PREROUTING - INPUT - IPVS - OUTPUT - POSTROUTING --> Pod
  answer    PREROUTING - FORWARD - POSTROUTING --> client
                           (IPVS puts the VIP back as the source)`,
      },
      'Only the answer to a Pod passes FORWARD. It belongs to a connection that conntrack knows, so it is ' +
        'ESTABLISHED, and a rule of `KUBE-FORWARD` accepts it.',
      'The direct call of 10.244.2.2 has no such luck: it is forwarded from the first packet on. That packet ' +
        'belongs to no connection yet, no rule accepts it, and the policy decides. So (c) is right about everything ' +
        'except Services. (b) looks at where the Pod is, but that does not matter here: neither request is ' +
        'forwarded, and both answers are.',
    ],
  },
  tasks: [
    {
      before: ['`-P` sets the policy of a built-in chain. Many machines have DROP here. Docker, for example, sets it.'],
      hint: '`iptables -P` takes a chain and a policy. The table is filter, which needs no `-t`.',
      why: [
        'A policy belongs to the chain and not to a rule. It is asked last, after all rules and all jumps have had ' +
          'their say.',
      ],
    },
    {
      before: ['Two requests from the Pod to the Service.'],
      hint: 'On client-inajob: the usual loop.',
      why: ['Compare the counters of `KUBE-FORWARD` in what moved: they count the answers.'],
    },
    {
      before: [
        'Now the same Pod calls the other Pod directly, without the Service. There is a route, and nothing else is ' +
          'in the way: only the policy has changed.',
      ],
      hint: 'On client-inajob, call 10.244.2.2, port 8080.',
      why: [
        'This is what a DROP policy breaks in practice: the network of the Pods. To let Pods talk to each ' +
          'other directly is not the job of a Service, and so not that of kube-proxy. The software that builds ' +
          'the network of the Pods adds rules for it.',
      ],
    },
    {
      before: [
        '`-L CHAIN -v -n` lists a chain with counters and without names. The line of FORWARD counts the packets ' +
          'that its policy has dropped. Those of `KUBE-FORWARD` count what was accepted, and why.',
      ],
      hint: '`iptables -L` once for FORWARD and once for KUBE-FORWARD, with `-v` for the counters.',
      why: ['The rule about the mark has counted nothing, as announced: packets that IPVS sends do not pass FORWARD.'],
    },
  ],
};
