import type { Exercise } from '../step.js';
import { en } from './mark.en.js';
import { ja } from './mark.ja.js';
import { appendedRule, newChain } from './rule-tasks.js';

export const mark: Exercise = {
  kind: 'exercise',
  id: 'mark',
  tasks: [
    newChain('nat', 'KUBE-MARK-MASQ'),
    appendedRule('nat', 'KUBE-MARK-MASQ', '-j MARK --set-xmark 0x4000/0x4000'),
  ],
  texts: { en, ja },
};
