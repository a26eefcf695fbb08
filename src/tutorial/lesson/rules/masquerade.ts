import type { Exercise } from '../step.js';
import { en } from './masquerade.en.js';
import { ja } from './masquerade.ja.js';
import { appendedRule, newChain } from './rule-tasks.js';

export const masquerade: Exercise = {
  kind: 'exercise',
  id: 'masquerade',
  tasks: [
    newChain('nat', 'KUBE-POSTROUTING'),
    appendedRule(
      'nat',
      'KUBE-POSTROUTING',
      '-m comment --comment "kubernetes service traffic requiring SNAT"',
      '-m mark --mark 0x4000/0x4000',
      '-j MASQUERADE',
    ),
  ],
  texts: { en, ja },
};
