import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A set for all VIPs',
  tasks: [
    {
      before: [
        'First an empty set. Its name is `KUBE-CLUSTER-IP`, as in kube-proxy: a cluster IP is the VIP of a ' +
          'Service. `hash:ip,port` is its type: each entry is an IP address together with a protocol and a ' +
          'port. The VIP of every Service goes in here later.',
      ],
      hint: '`ipset create NAME TYPE`.',
      why: [
        'It comes first because a rule can only ask a set that exists. Otherwise iptables refuses ' +
          'the rule: "Set KUBE-CLUSTER-IP doesn\'t exist."',
        '`hash` means that the kernel computes the place of an entry from the entry itself. Looking ' +
          'one up takes the same time with 5 and with 5,000 entries. And the port is part of the ' +
          'entry because a Service is an address with a port: port 81 of the VIP belongs to no ' +
          'Service.',
      ],
    },
  ],
  after: ['The set is there, and empty. Only the name and the type are fixed from now on.'],
};
