import type { SetName } from '../../node/names.js';
import { bareSetMatch, type ChainRules, jump, ruleForSet } from './rule-context.js';

const welcome: readonly (readonly [set: SetName, directions: string])[] = [
  ['KUBE-LOAD-BALANCER', 'dst,dst'],
  ['KUBE-CLUSTER-IP', 'dst,dst'],
  ['KUBE-EXTERNAL-IP', 'dst,dst'],
  ['KUBE-EXTERNAL-IP-LOCAL', 'dst,dst'],
  ['KUBE-HEALTH-CHECK-NODE-PORT', 'dst'],
];

export const kubeIpvsFilter: ChainRules = {
  table: 'filter',
  name: 'KUBE-IPVS-FILTER',
  why: 'refuses what comes to a VIP and is not for a Service',
  rules: context =>
    context.hasEntries('KUBE-IPVS-IPS')
      ? [
          ...welcome.flatMap(([set, directions]) =>
            ruleForSet(
              context,
              set,
              it => [...bareSetMatch(it, set, directions), ...jump('RETURN')],
              'Service packets pass',
            ),
          ),
          ...ruleForSet(
            context,
            'KUBE-IPVS-IPS',
            it => [
              ...['-m', 'conntrack', '--ctstate', 'NEW'],
              ...bareSetMatch(it, 'KUBE-IPVS-IPS', 'dst'),
              ...jump('REJECT'),
              ...['--reject-with', it.family === 'IPv4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'],
            ],
            'a VIP is an address of this node: without the rule every port that the node listens on is open on it',
          ),
        ]
      : [],
};
