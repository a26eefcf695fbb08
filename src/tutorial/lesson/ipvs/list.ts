import type { Exercise } from '../step.js';
import { en } from './list.en.js';
import { ja } from './list.ja.js';

export const list: Exercise = {
  kind: 'exercise',
  id: 'list',
  tasks: [
    {
      on: 'inajob',
      command: 'ipvsadm -Ln',
      check: { kind: 'shown', on: 'inajob', texts: ['10.254.10.128:80', '10.244.1.3:8080', '10.244.2.2:8080'] },
    },
  ],
  texts: { en, ja },
};
