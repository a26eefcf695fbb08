import { always, type ChainRules, jump, ruleForSet, setMatch } from './rule-context.js';

export const kubeProxyFirewall: ChainRules = {
  table: 'filter',
  name: 'KUBE-PROXY-FIREWALL',
  why: 'Checks packets to a load balancer VIP with source ranges against those.',
  rules: context =>
    ruleForSet(
      context,
      'KUBE-LOAD-BALANCER-FW',
      it => [...setMatch(it, 'KUBE-LOAD-BALANCER-FW', 'dst,dst'), ...jump('KUBE-SOURCE-RANGES-FIREWALL')],
      'loadBalancerSourceRanges: That chain decides which sources are accepted.',
    ),
};

export const kubeSourceRangesFirewall: ChainRules = {
  table: 'filter',
  name: 'KUBE-SOURCE-RANGES-FIREWALL',
  why: 'Accepts the sources that a Service names and drops all others.',
  rules: context =>
    context.hasEntries('KUBE-LOAD-BALANCER-FW')
      ? [
          ...ruleForSet(
            context,
            'KUBE-LOAD-BALANCER-SOURCE-CIDR',
            it => [...setMatch(it, 'KUBE-LOAD-BALANCER-SOURCE-CIDR', 'dst,dst,src'), ...jump('RETURN')],
            'Sources in one of the ranges pass.',
          ),
          ...ruleForSet(
            context,
            'KUBE-LOAD-BALANCER-SOURCE-IP',
            it => [...setMatch(it, 'KUBE-LOAD-BALANCER-SOURCE-IP', 'dst,dst,src'), ...jump('RETURN')],
            'Packets of this node itself pass, if one of the ranges includes it.',
          ),
          always('All other sources are dropped.', ...jump('DROP')),
        ]
      : [],
};
