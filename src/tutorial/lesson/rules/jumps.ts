import type { Exercise } from '../step.js';
import { en } from './jumps.en.js';
import { ja } from './jumps.ja.js';
import { insertedRule } from './rule-tasks.js';

export const jumps: Exercise = {
  kind: 'exercise',
  id: 'jumps',
  tasks: [
    insertedRule('nat', 'PREROUTING', '-m comment --comment "kubernetes service portals"', '-j KUBE-SERVICES'),
    insertedRule('nat', 'OUTPUT', '-m comment --comment "kubernetes service portals"', '-j KUBE-SERVICES'),
    insertedRule('nat', 'POSTROUTING', '-m comment --comment "kubernetes postrouting rules"', '-j KUBE-POSTROUTING'),
  ],
  texts: { en, ja },
};
