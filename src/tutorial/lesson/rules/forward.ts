import type { Exercise } from '../step.js';
import { en } from './forward.en.js';
import { ja } from './forward.ja.js';
import { appendedRule, insertedRule, newChain } from './rule-tasks.js';

export const forward: Exercise = {
  kind: 'exercise',
  id: 'forward',
  tasks: [
    newChain('filter', 'KUBE-FORWARD'),
    appendedRule(
      'filter',
      'KUBE-FORWARD',
      '-m comment --comment "kubernetes forwarding rules"',
      '-m mark --mark 0x4000/0x4000',
      '-j ACCEPT',
    ),
    appendedRule(
      'filter',
      'KUBE-FORWARD',
      '-s 10.244.0.0/16',
      '-m comment --comment "kubernetes forwarding conntrack pod source rule"',
      '-m conntrack --ctstate RELATED,ESTABLISHED',
      '-j ACCEPT',
    ),
    appendedRule(
      'filter',
      'KUBE-FORWARD',
      '-d 10.244.0.0/16',
      '-m comment --comment "kubernetes forwarding conntrack pod destination rule"',
      '-m conntrack --ctstate RELATED,ESTABLISHED',
      '-j ACCEPT',
    ),
    insertedRule('filter', 'FORWARD', '-m comment --comment "kubernetes forwarding rules"', '-j KUBE-FORWARD'),
  ],
  texts: { en, ja },
};
