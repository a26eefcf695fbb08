import { always, type ChainRules, jump, ruleForSet, setMatch } from './rule-context.js';

export const kubeProxyFirewall: ChainRules = {
  table: 'filter',
  name: 'KUBE-PROXY-FIREWALL',
  why: 'sends packets to a load balancer VIP with source ranges past those',
  rules: context =>
    ruleForSet(
      context,
      'KUBE-LOAD-BALANCER-FW',
      it => [...setMatch(it, 'KUBE-LOAD-BALANCER-FW', 'dst,dst'), ...jump('KUBE-SOURCE-RANGES-FIREWALL')],
      'loadBalancerSourceRanges: who is let in is decided there',
    ),
};

export const kubeSourceRangesFirewall: ChainRules = {
  table: 'filter',
  name: 'KUBE-SOURCE-RANGES-FIREWALL',
  why: 'lets in the sources that a Service names and drops all others',
  rules: context =>
    context.hasEntries('KUBE-LOAD-BALANCER-FW')
      ? [
          ...ruleForSet(
            context,
            'KUBE-LOAD-BALANCER-SOURCE-CIDR',
            it => [...setMatch(it, 'KUBE-LOAD-BALANCER-SOURCE-CIDR', 'dst,dst,src'), ...jump('RETURN')],
            'sources in one of the ranges pass',
          ),
          ...ruleForSet(
            context,
            'KUBE-LOAD-BALANCER-SOURCE-IP',
            it => [...setMatch(it, 'KUBE-LOAD-BALANCER-SOURCE-IP', 'dst,dst,src'), ...jump('RETURN')],
            'so does this node, where one of the ranges holds it',
          ),
          always('nobody else does', ...jump('DROP')),
        ]
      : [],
};
