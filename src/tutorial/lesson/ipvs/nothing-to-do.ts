import type { Exercise } from '../step.js';
import { en } from './nothing-to-do.en.js';
import { ja } from './nothing-to-do.ja.js';

export const nothingToDo: Exercise = {
  kind: 'exercise',
  id: 'nothing-to-do',
  tasks: [
    {
      on: 'inajob',
      command: 'kproxy diff --profile tutorial --cluster-cidr 10.244.0.0/16',
      check: { kind: 'shown', on: 'inajob', texts: ['node inajob: in sync'] },
    },
  ],
  texts: { en, ja },
};
