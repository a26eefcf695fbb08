import type { Exercise } from '../step.js';
import { en } from './the-address.en.js';
import { ja } from './the-address.ja.js';

export const theAddress: Exercise = {
  kind: 'exercise',
  id: 'the-address',
  tasks: [
    {
      on: 'inajob',
      command: 'kubectl get services',
      check: { kind: 'shown', on: 'inajob', texts: ['web-service', '10.254.10.128', '80/TCP'] },
    },
  ],
  texts: { en, ja },
};
