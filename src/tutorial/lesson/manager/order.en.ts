import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'An order arrives',
  tasks: [
    {
      before: [
        "A user has left an order on the manager's desk. It is a file in YAML, the usual notation " +
          'for objects. A manager who reads before signing is rare, but let us try.',
        '`spec` says what is wanted: the VIP (here `clusterIP`), the port 80 for callers, the ' +
          '`targetPort` 8080 on which the Pods listen, and the selector.',
      ],
      hint: "The file lies in the manager's working directory. `cat` prints it.",
      why: [
        'Users rarely choose the VIP. If `clusterIP` is missing, the API server picks a free ' +
          'address out of a range that is kept for Services. This order names it, so that all texts ' +
          'and all machines of this lesson have the same address.',
      ],
    },
    {
      before: [
        'Good enough. `kubectl apply` hands an object in, and `-f` names the file to read it from. ' +
          "From now on the Service is among the cluster's objects.",
      ],
      hint: '`kubectl apply -f FILE`. The file is the one that you have just read.',
      why: [
        '`apply` means: the cluster shall have this object as the file says. If there is none it is ' +
          'created, and if it differs it is changed. You can apply the same file again without harm.',
      ],
    },
    {
      before: [
        'Approved! Let us try the VIP on inajob. `-m 2` makes curl give up after two seconds, and ' +
          'without a port it asks port 80.',
      ],
      hint: '`curl -m 2` and the VIP from the order.',
      why: [
        'This is worth seeing once, since many expect that a Service works as soon as it exists. An ' +
          'object of the cluster changes no machine. Some program on each machine has to read it and ' +
          'act, and on inajob no such program runs.',
      ],
    },
    {
      before: [
        'It fails at once. Why? The kernel needs a route to an address. `ip route get` shows which one it ' +
          'would use for a packet, without sending one.',
      ],
      hint: '`ip route get` and the VIP.',
      why: [
        'The kernel looks a destination up in its routes. inajob has three: its own network ' +
          '192.168.33.0/24, its own Pods 10.244.1.0/24, and the Pods on yuanying 10.244.2.0/24. The ' +
          'VIP is in none of them.',
        'Many machines have a default route besides, to a router that gets all other packets. ' +
          'There, this curl would not fail at once. The packet would leave, no answer would come, and ' +
          'curl would give up after its two seconds.',
      ],
    },
  ],
  after: [
    'The network is unreachable: the kernel has no idea where 10.254.10.128 could be. The Service ' +
      'exists, and it is a sheet in a filing cabinet. The rest of the lesson is about reading the ' +
      'sheet, and doing what it says.',
  ],
};
