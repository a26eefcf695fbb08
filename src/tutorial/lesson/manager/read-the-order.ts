import type { Exercise } from '../step.js';
import { en } from './read-the-order.en.js';
import { ja } from './read-the-order.ja.js';

export const readTheOrder: Exercise = {
  kind: 'exercise',
  id: 'read-the-order',
  tasks: [
    {
      on: 'master',
      command: 'kubectl get service -o wide',
      check: { kind: 'shown', on: 'master', texts: ['10.254.10.128', '80/TCP', 'app=web'] },
    },
    {
      on: 'master',
      command: 'kubectl get service web-service -o yaml',
      check: { kind: 'shown', on: 'master', texts: ['clusterIP: 10.254.10.128', 'targetPort: 8080', 'app: web'] },
    },
  ],
  texts: { en, ja },
};
