import type { Exercise } from '../step.js';
import { en } from './root.en.js';
import { ja } from './root.ja.js';

export const root: Exercise = {
  kind: 'exercise',
  id: 'root',
  tasks: [{ on: 'inajob', command: 'sudo su', check: { kind: 'root-shell', on: 'inajob' } }],
  texts: { en, ja },
};
