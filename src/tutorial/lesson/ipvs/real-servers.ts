import type { Exercise } from '../step.js';
import { en } from './real-servers.en.js';
import { ja } from './real-servers.ja.js';

export const realServers: Exercise = {
  kind: 'exercise',
  id: 'real-servers',
  tasks: [
    {
      on: 'inajob',
      command: [
        'POD_IP1=10.244.2.2',
        'POD_IP2=10.244.1.3',
        `ipvsadm -a -t 10.254.10.128:80 -r \${POD_IP1}:8080 -m`,
      ].join('\n'),
      check: { kind: 'real-server', on: 'inajob', server: 'TCP 10.254.10.128:80', address: '10.244.2.2:8080' },
    },
    {
      on: 'inajob',
      command: `ipvsadm -a -t 10.254.10.128:80 -r \${POD_IP2}:8080 -m`,
      check: { kind: 'real-server', on: 'inajob', server: 'TCP 10.254.10.128:80', address: '10.244.1.3:8080' },
    },
  ],
  texts: { en, ja },
};
