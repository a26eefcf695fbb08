import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'The cast',
  paragraphs: [
    {
      picture: [
        '  master              inajob                     yuanying',
        '  192.168.33.10       192.168.33.11              192.168.33.12',
        "  the manager         Inazu-kun's worker         another worker",
        '                        |                          |',
        '                        +-- Pod web-inajob         +-- Pod web-yuanying',
        '                        |     10.244.1.3                 10.244.2.2',
        '                        +-- Pod client-inajob',
        '                              10.244.1.9',
      ].join('\n'),
    },
    'In a cluster, a program runs as a Pod. A Pod has an IP address of its own and lives on one of the ' +
      'workers, the machines that run Pods. Two Pods here are web servers: each one answers with its name ' +
      'and the address that called it. The third Pod, client-inajob, only calls.',
    'The manager on master touches no machine. The manager reads lists, writes lists, and signs them. In ' +
      'a real cluster this is the work of programs, the controllers. They watch the lists day and night, ' +
      'without a lunch break.',
    'Inazu-kun is in charge of the worker inajob. He reads what the manager has signed, and sets up his ' +
      'machine accordingly. The program for this job is called kube-proxy, and it runs on every worker.',
    'You play both, the manager first. No program works behind your back: what you do not do stays ' +
      'undone. At the end of this act a newcomer named kproxy shows up, who claims to know both jobs.',
  ],
};
