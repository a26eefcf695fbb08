import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'The cast',
  paragraphs: [
    {
      picture: [
        '  master              inajob                     yuanying',
        '  192.168.33.10       192.168.33.11              192.168.33.12',
        '  the manager         Inazu-kun, a worker        another worker',
        '                        |                          |',
        '                        +-- Pod web-inajob         +-- Pod web-yuanying',
        '                        |     10.244.1.3                 10.244.2.2',
        '                        +-- Pod client-inajob',
        '                              10.244.1.9',
      ].join('\n'),
    },
    'In a cluster, a program runs as a Pod: it has an IP address of its own, and it lives on one of ' +
      'the workers, the machines that run Pods. Two Pods here are web servers. Each one answers with ' +
      'its name and the address that called it. The third Pod, client-inajob, only calls.',
    'The manager on master touches no machine. The manager reads lists, writes lists, and signs ' +
      'them. In a real cluster programs hold this post. They are called controllers: they watch the ' +
      'lists and keep them right, day and night, without a lunch break.',
    'Inazu-kun is the worker on inajob. He reads what the manager has signed, and sets up his ' +
      'machine until it is true. The program for this job is called kube-proxy, and it runs on every ' +
      'worker.',
    'You play both, the manager first. No program works behind your back: what you do not do stays ' +
      'undone. Only at the end of the first day does a newcomer named kproxy show up, who claims to ' +
      'know both jobs.',
  ],
};
