import { type ChainRules, jump, ruleForSet, setMatch } from './rule-context.js';

export const healthCheckPort: ChainRules = {
  table: 'filter',
  name: 'KUBE-NODE-PORT',
  why: 'Lets load balancers ask this node for its health.',
  rules: context =>
    ruleForSet(
      context,
      'KUBE-HEALTH-CHECK-NODE-PORT',
      it => [...setMatch(it, 'KUBE-HEALTH-CHECK-NODE-PORT', 'dst'), ...jump('ACCEPT')],
      'Without it a host firewall that drops unknown packets would make the load balancer treat this node as dead.',
    ),
};
