import type { Exercise } from '../step.js';
import { en } from './virtual-server.en.js';
import { ja } from './virtual-server.ja.js';

export const virtualServer: Exercise = {
  kind: 'exercise',
  id: 'virtual-server',
  tasks: [
    {
      on: 'inajob',
      command: 'ipvsadm -A -t 10.254.10.128:80 -s rr',
      check: { kind: 'virtual-server', on: 'inajob', server: 'TCP 10.254.10.128:80', scheduler: 'rr' },
    },
  ],
  texts: { en, ja },
};
