import type { Exercise } from '../step.js';
import { en } from './find-pods.en.js';
import { ja } from './find-pods.ja.js';

export const findPods: Exercise = {
  kind: 'exercise',
  id: 'find-pods',
  tasks: [
    {
      on: 'master',
      command: 'kubectl get pod -l app=web -o wide',
      check: { kind: 'shown', on: 'master', texts: ['10.244.1.3', '10.244.2.2'] },
    },
  ],
  texts: { en, ja },
};
