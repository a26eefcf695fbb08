import type { SetName } from '../../node/names.js';
import { bareSetMatch, type ChainRules, jump, ruleForSet } from './rule-context.js';

const serviceSets: readonly (readonly [set: SetName, directions: string])[] = [
  ['KUBE-LOAD-BALANCER', 'dst,dst'],
  ['KUBE-CLUSTER-IP', 'dst,dst'],
  ['KUBE-EXTERNAL-IP', 'dst,dst'],
  ['KUBE-EXTERNAL-IP-LOCAL', 'dst,dst'],
  ['KUBE-HEALTH-CHECK-NODE-PORT', 'dst'],
];

export const kubeIpvsFilter: ChainRules = {
  table: 'filter',
  name: 'KUBE-IPVS-FILTER',
  why: 'Rejects packets to a VIP that are not for a Service.',
  rules: context =>
    context.hasEntries('KUBE-IPVS-IPS')
      ? [
          ...serviceSets.flatMap(([set, directions]) =>
            ruleForSet(
              context,
              set,
              it => [...bareSetMatch(it, set, directions), ...jump('RETURN')],
              'Packets for a Service pass. Without the rule the last one would reject them.',
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
            'A VIP is an address of this node. Without the rule every port that the node listens on would be ' +
              'open on it.',
          ),
        ]
      : [],
};
