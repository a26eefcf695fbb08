import type { RuleCheck } from '../../checks/check.js';

export const forwardJump: RuleCheck = {
  kind: 'rule',
  on: 'inajob',
  table: 'filter',
  chain: 'FORWARD',
  rule: '-m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
};
