import type { Rule } from '../../node/element.js';
import { kernelSetName, type SetName } from '../../node/names.js';
import { always, bareSetMatch, type ChainRules, jump, type RuleContext, ruleForSet, setMatch } from './rule-context.js';

const loopback = { IPv4: '127.0.0.0/8', IPv6: '::1/128' } as const;

/** Which packets to a cluster IP are masqueraded: those that do not come from a Pod, as far as that can be told. */
function markClusterIp(context: RuleContext): readonly Rule[] {
  const { clusterCidrs, masqueradeAll } = context.options;
  const cidr = clusterCidrs[context.family];
  const mark = (before: readonly string[], directions: string, why: string) =>
    ruleForSet(
      context,
      'KUBE-CLUSTER-IP',
      it => [...before, ...setMatch(it, 'KUBE-CLUSTER-IP', directions), ...jump('KUBE-MARK-MASQ')],
      why,
    );
  if (masqueradeAll)
    return mark([], 'dst,dst', '--masquerade-all: every packet to a cluster IP goes out in the name of this node');
  if (cidr !== undefined)
    return mark(
      ['!', '-s', cidr],
      'dst,dst',
      `sources outside the Pods' network ${cidr} are answered through this node; Pods keep their address`,
    );
  return mark(
    [],
    'src,dst',
    'a process of this node that connects to a VIP has the VIP as source, to which no backend could answer',
  );
}

/** Outside packets to an external IP are balanced here; Pods' bridged packets and those to a foreign address go their own way. */
const acceptExternal = (context: RuleContext, set: SetName): readonly Rule[] => [
  ...ruleForSet(
    context,
    set,
    it => [
      ...setMatch(it, set, 'dst,dst'),
      ...['-m', 'physdev', '!', '--physdev-is-in', '-m', 'addrtype', '!', '--src-type', 'LOCAL'],
      ...jump('ACCEPT'),
    ],
    'a packet that came from outside is handed to IPVS as it is',
  ),
  ...ruleForSet(
    context,
    set,
    it => [...setMatch(it, set, 'dst,dst'), '-m', 'addrtype', '--dst-type', 'LOCAL', ...jump('ACCEPT')],
    'so is one to an address that this node holds',
  ),
];

function full(context: RuleContext): readonly Rule[] {
  const toNodePorts = nodePortSets.filter(context.hasEntries);
  return [
    always(
      'a process that talks to the loopback means this machine',
      '-s',
      loopback[context.family],
      ...jump('RETURN'),
    ),
    ...ruleForSet(
      context,
      'KUBE-LOAD-BALANCER',
      it => [...setMatch(it, 'KUBE-LOAD-BALANCER', 'dst,dst'), ...jump('KUBE-LOAD-BALANCER')],
      'packets to a load balancer VIP are masqueraded, except where their Service wants to see the client',
    ),
    ...markClusterIp(context),
    ...ruleForSet(
      context,
      'KUBE-EXTERNAL-IP',
      it => [...setMatch(it, 'KUBE-EXTERNAL-IP', 'dst,dst'), ...jump('KUBE-MARK-MASQ')],
      'the answer to an outside client must come back through this node',
    ),
    ...acceptExternal(context, 'KUBE-EXTERNAL-IP'),
    ...acceptExternal(context, 'KUBE-EXTERNAL-IP-LOCAL'),
    ...(toNodePorts.length === 0
      ? []
      : [
          {
            ...always(
              'packets to an address of this node may be for a node port',
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
      'no rule after this one may send the packet elsewhere',
    ),
  ];
}

const acceptClusterIp = (context: RuleContext): readonly Rule[] =>
  ruleForSet(
    context,
    'KUBE-CLUSTER-IP',
    it => [...bareSetMatch(it, 'KUBE-CLUSTER-IP', 'dst,dst'), ...jump('ACCEPT')],
    'no rule after this one may send the packet elsewhere',
  );

const nodePortSets: readonly SetName[] = ['KUBE-NODE-PORT-TCP', 'KUBE-NODE-PORT-UDP', 'KUBE-NODE-PORT-SCTP-HASH'];

export const kubeServices: ChainRules = {
  table: 'nat',
  name: 'KUBE-SERVICES',
  why: 'decides for every packet to a Service whether its source must change',
  rules: context =>
    context.options.profile === 'tutorial' ? [...markClusterIp(context), ...acceptClusterIp(context)] : full(context),
};
