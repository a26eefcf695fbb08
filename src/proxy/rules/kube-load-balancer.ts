import { always, type ChainRules, jump, ruleForSet, setMatch } from './rule-context.js';

export const kubeLoadBalancer: ChainRules = {
  table: 'nat',
  name: 'KUBE-LOAD-BALANCER',
  why: 'Decides whether the source of packets to a load balancer VIP must change.',
  rules: context =>
    context.hasEntries('KUBE-LOAD-BALANCER')
      ? [
          ...ruleForSet(
            context,
            'KUBE-LOAD-BALANCER-LOCAL',
            it => [...setMatch(it, 'KUBE-LOAD-BALANCER-LOCAL', 'dst,dst'), ...jump('RETURN')],
            'externalTrafficPolicy is Local, so the backend sees the client.',
          ),
          always('All other packets are answered through this node.', ...jump('KUBE-MARK-MASQ')),
        ]
      : [],
};
