import type { Exercise } from '../step.js';
import { en } from './pods.en.js';
import { ja } from './pods.ja.js';

export const pods: Exercise = {
  kind: 'exercise',
  id: 'pods',
  tasks: [
    {
      on: 'master',
      command: 'kubectl get pod -o wide --show-labels',
      check: { kind: 'shown', on: 'master', texts: ['app=web', 'app=client', '10.244.1.3', '10.244.2.2'] },
    },
    {
      on: 'inajob',
      command: 'curl 10.244.2.2:8080',
      check: { kind: 'shown', on: 'inajob', texts: ['web-yuanying saw 192.168.33.11'] },
    },
  ],
  texts: { en, ja },
};
