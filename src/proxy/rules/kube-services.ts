import type { Rule } from '../../node/element.js';
import { kernelSetName, type SetName } from '../../node/names.js';
import { notLocal } from '../local-detection.js';
import {
  always,
  bareSetMatch,
  type ChainRules,
  type DesiredRule,
  jump,
  type RuleContext,
  ruleForSet,
  setMatch,
} from './rule-context.js';

const loopback = { IPv4: '127.0.0.0/8', IPv6: '::1/128' } as const;

/** Marks packets to a cluster IP that do not come from a Pod, as far as that is known. */
function markClusterIp(context: RuleContext): readonly DesiredRule[] {
  const fromElsewhere = notLocal(context.options, context.family);
  const mark = (before: Rule, directions: string, why: string) =>
    ruleForSet(
      context,
      'KUBE-CLUSTER-IP',
      it => [...before, ...setMatch(it, 'KUBE-CLUSTER-IP', directions), ...jump('KUBE-MARK-MASQ')],
      why,
    );
  if (context.options.masqueradeAll)
    return mark([], 'dst,dst', '--masquerade-all: Every packet to a cluster IP gets the address of this node.');
  if (fromElsewhere !== undefined) return mark(fromElsewhere.match, 'dst,dst', fromElsewhere.why);
  return mark(
    [],
    'src,dst',
    'A process of this node that connects to a VIP has the VIP as its source, and no backend could answer to that.',
  );
}

/** Accepts outside packets to an external IP. Packets that Pods send over a bridge take another way. */
const acceptExternal = (context: RuleContext, set: SetName): readonly DesiredRule[] => [
  ...ruleForSet(
    context,
    set,
    it => [
      ...setMatch(it, set, 'dst,dst'),
      ...['-m', 'physdev', '!', '--physdev-is-in', '-m', 'addrtype', '!', '--src-type', 'LOCAL'],
      ...jump('ACCEPT'),
    ],
    'A packet from outside goes to IPVS unchanged.',
  ),
  ...ruleForSet(
    context,
    set,
    it => [...setMatch(it, set, 'dst,dst'), '-m', 'addrtype', '--dst-type', 'LOCAL', ...jump('ACCEPT')],
    'A packet to an address of this node goes to IPVS unchanged.',
  ),
];

function fullRules(context: RuleContext): readonly DesiredRule[] {
  const toNodePorts = nodePortSets.filter(context.hasEntries);
  return [
    always(
      'A process that uses the loopback address means this machine.',
      '-s',
      loopback[context.family],
      ...jump('RETURN'),
    ),
    ...ruleForSet(
      context,
      'KUBE-LOAD-BALANCER',
      it => [...setMatch(it, 'KUBE-LOAD-BALANCER', 'dst,dst'), ...jump('KUBE-LOAD-BALANCER')],
      'Packets to a load balancer VIP are masqueraded, unless their Service wants to see the client.',
    ),
    ...markClusterIp(context),
    ...ruleForSet(
      context,
      'KUBE-EXTERNAL-IP',
      it => [...setMatch(it, 'KUBE-EXTERNAL-IP', 'dst,dst'), ...jump('KUBE-MARK-MASQ')],
      'The answer to an outside client must come back through this node.',
    ),
    ...acceptExternal(context, 'KUBE-EXTERNAL-IP'),
    ...acceptExternal(context, 'KUBE-EXTERNAL-IP-LOCAL'),
    ...(toNodePorts.length === 0
      ? []
      : [
          {
            ...always(
              'Packets to an address of this node may be for a node port.',
              '-m',
              'addrtype',
              '--dst-type',
              'LOCAL',
              ...jump('KUBE-NODE-PORT'),
            ),
            sets: toNodePorts.map(set => kernelSetName(set, context.family)),
          },
        ]),
    ...acceptClusterIp(context),
    ...ruleForSet(
      context,
      'KUBE-LOAD-BALANCER',
      it => [...bareSetMatch(it, 'KUBE-LOAD-BALANCER', 'dst,dst'), ...jump('ACCEPT')],
      'No later rule may send the packet elsewhere.',
    ),
  ];
}

const acceptClusterIp = (context: RuleContext): readonly DesiredRule[] =>
  ruleForSet(
    context,
    'KUBE-CLUSTER-IP',
    it => [...bareSetMatch(it, 'KUBE-CLUSTER-IP', 'dst,dst'), ...jump('ACCEPT')],
    'No later rule may send the packet elsewhere.',
  );

const nodePortSets: readonly SetName[] = ['KUBE-NODE-PORT-TCP', 'KUBE-NODE-PORT-UDP', 'KUBE-NODE-PORT-SCTP-HASH'];

export const kubeServices: ChainRules = {
  table: 'nat',
  name: 'KUBE-SERVICES',
  why: 'Decides whether the source of packets to a Service must change.',
  rules: context =>
    context.options.profile === 'tutorial'
      ? [...markClusterIp(context), ...acceptClusterIp(context)]
      : fullRules(context),
};
