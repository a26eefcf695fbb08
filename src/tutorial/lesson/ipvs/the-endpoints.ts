import type { Exercise } from '../step.js';
import { en } from './the-endpoints.en.js';
import { ja } from './the-endpoints.ja.js';

export const theEndpoints: Exercise = {
  kind: 'exercise',
  id: 'the-endpoints',
  tasks: [
    {
      on: 'inajob',
      command: 'kubectl get endpoints',
      check: { kind: 'shown', on: 'inajob', texts: ['10.244.1.3:8080', '10.244.2.2:8080'] },
    },
  ],
  texts: { en, ja },
};
