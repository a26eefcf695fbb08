import { always, type ChainRules, jump, ruleForSet, setMatch } from './rule-context.js';

export const kubeLoadBalancer: ChainRules = {
  table: 'nat',
  name: 'KUBE-LOAD-BALANCER',
  why: 'decides for packets to a load balancer VIP whether their source must change',
  rules: context =>
    context.hasEntries('KUBE-LOAD-BALANCER')
      ? [
          ...ruleForSet(
            context,
            'KUBE-LOAD-BALANCER-LOCAL',
            it => [...setMatch(it, 'KUBE-LOAD-BALANCER-LOCAL', 'dst,dst'), ...jump('RETURN')],
            'externalTrafficPolicy Local: the backend sees the client',
          ),
          always('all others are answered through this node', ...jump('KUBE-MARK-MASQ')),
        ]
      : [],
};
