import type { Exercise } from '../step.js';
import { en } from './entry.en.js';
import { ja } from './entry.ja.js';

export const entry: Exercise = {
  kind: 'exercise',
  id: 'entry',
  tasks: [
    {
      on: 'inajob',
      command: 'ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80',
      check: { kind: 'entry', on: 'inajob', set: 'KUBE-CLUSTER-IP', value: '10.254.10.128,tcp:80' },
    },
  ],
  texts: { en, ja },
};
