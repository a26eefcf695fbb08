import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: "The newcomer's first day",
  tasks: [
    {
      before: [
        'The next morning kproxy starts work on inajob. "What shall I do?" Good question. `kproxy diff` ' +
          'reads the Services and the Endpoints from the cluster, works out what this machine should have, and ' +
          'compares it with what the kernel has. It changes nothing. (The option `--profile tutorial` limits ' +
          "it to what you have done; `--cluster-cidr` is the Pods' network.)",
      ],
      hint: '`kproxy diff`, with the profile `tutorial` and the network of the Pods.',
      why: [
        'kproxy does what kube-proxy does, and can say what it would do and why. It does not know ' +
          'what you have typed. It computes the same sets, rules, addresses and servers from the two ' +
          'objects of the manager, and asks the kernel for each of them. If you had forgotten a rule, ' +
          'it would be named here, together with the packet that goes wrong without it.',
      ],
    },
  ],
  after: [
    'In sync: you have programmed by hand exactly what a program would have programmed. kproxy has ' +
      'nothing to do, and gets itself a coffee. That is about to change: in the next act you break ' +
      'everything.',
  ],
};
