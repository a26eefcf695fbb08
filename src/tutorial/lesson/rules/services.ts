import type { Exercise } from '../step.js';
import { appendedRule, firstRule, newChain } from './rule-tasks.js';
import { en } from './services.en.js';
import { ja } from './services.ja.js';

export const services: Exercise = {
  kind: 'exercise',
  id: 'services',
  tasks: [
    newChain('nat', 'KUBE-SERVICES'),
    firstRule(
      'nat',
      'KUBE-SERVICES',
      '! -s 10.244.0.0/16',
      '-m comment --comment "Kubernetes service cluster ip + port for masquerade purpose"',
      '-m set --match-set KUBE-CLUSTER-IP dst,dst',
      '-j KUBE-MARK-MASQ',
    ),
    appendedRule('nat', 'KUBE-SERVICES', '-m set --match-set KUBE-CLUSTER-IP dst,dst', '-j ACCEPT'),
  ],
  texts: { en, ja },
};
