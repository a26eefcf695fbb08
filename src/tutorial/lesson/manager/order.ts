import type { Exercise } from '../step.js';
import { en } from './order.en.js';
import { ja } from './order.ja.js';

export const order: Exercise = {
  kind: 'exercise',
  id: 'order',
  tasks: [
    {
      on: 'master',
      command: 'cat web-service.yaml',
      check: { kind: 'shown', on: 'master', texts: ['kind: Service', 'clusterIP: 10.254.10.128', 'app: web'] },
    },
    {
      on: 'master',
      command: 'kubectl apply -f web-service.yaml',
      check: {
        kind: 'object',
        object: 'service/web-service',
        fields: { 'spec.clusterIP': '10.254.10.128', 'spec.selector.app': 'web' },
      },
    },
    {
      on: 'inajob',
      command: 'curl -m 2 10.254.10.128',
      check: { kind: 'shown', on: 'inajob', texts: ['curl: (7) Failed to connect to 10.254.10.128'] },
      exitCode: 7,
    },
    {
      on: 'inajob',
      command: 'ip route get 10.254.10.128',
      check: { kind: 'shown', on: 'inajob', texts: ['Network is unreachable'] },
      exitCode: 2,
    },
  ],
  texts: { en, ja },
};
