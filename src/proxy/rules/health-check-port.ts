import { type ChainRules, jump, ruleForSet, setMatch } from './rule-context.js';

export const healthCheckPort: ChainRules = {
  table: 'filter',
  name: 'KUBE-NODE-PORT',
  why: 'lets load balancers ask this node for its health',
  rules: context =>
    ruleForSet(
      context,
      'KUBE-HEALTH-CHECK-NODE-PORT',
      it => [...setMatch(it, 'KUBE-HEALTH-CHECK-NODE-PORT', 'dst'), ...jump('ACCEPT')],
      'a host firewall that drops what it does not know would make the load balancer take this node for dead',
    ),
};
