import type { Table } from '../../node/element.js';
import { always, comment, type DesiredRule, jump } from './rule-context.js';

interface JumpRule {
  readonly table: Table;
  readonly from: string;
  readonly to: string;
  readonly comment: string;
  readonly why: string;
}

/** Every jump from a built-in chain, in the order in which they are there. */
const jumpRules: readonly JumpRule[] = [
  {
    table: 'nat',
    from: 'PREROUTING',
    to: 'KUBE-SERVICES',
    comment: 'kubernetes service portals',
    why: 'Packets from Pods and from outside come this way.',
  },
  {
    table: 'nat',
    from: 'OUTPUT',
    to: 'KUBE-SERVICES',
    comment: 'kubernetes service portals',
    why: "Packets from this node's own processes come this way.",
  },
  {
    table: 'nat',
    from: 'POSTROUTING',
    to: 'KUBE-POSTROUTING',
    comment: 'kubernetes postrouting rules',
    why: 'The source can only be changed when the packet leaves.',
  },
  {
    table: 'filter',
    from: 'INPUT',
    to: 'KUBE-IPVS-FILTER',
    comment: 'kubernetes ipvs access filter',
    why: 'Packets to a VIP reach INPUT, because the VIP is an address of this node.',
  },
  {
    table: 'filter',
    from: 'INPUT',
    to: 'KUBE-PROXY-FIREWALL',
    comment: 'kube-proxy firewall rules',
    why: 'Source ranges are checked before IPVS takes the packet.',
  },
  {
    table: 'filter',
    from: 'INPUT',
    to: 'KUBE-NODE-PORT',
    comment: 'kubernetes health check rules',
    why: 'Health checks pass before a host firewall drops them.',
  },
  {
    table: 'filter',
    from: 'FORWARD',
    to: 'KUBE-PROXY-FIREWALL',
    comment: 'kube-proxy firewall rules',
    why: 'Source ranges are checked for forwarded packets too.',
  },
  {
    table: 'filter',
    from: 'FORWARD',
    to: 'KUBE-FORWARD',
    comment: 'kubernetes forwarding rules',
    why: 'Balanced packets to a Pod pass a FORWARD policy of DROP.',
  },
  {
    table: 'filter',
    from: 'OUTPUT',
    to: 'KUBE-IPVS-OUT-FILTER',
    comment: 'kubernetes ipvs access filter',
    why: "This node's own packets to a closed VIP are dropped.",
  },
];

/** The jumps in one built-in chain. */
interface BuiltInJumps {
  readonly table: Table;
  readonly chain: string;
  readonly rules: readonly DesiredRule[];
}

/** Returns the jumps to the chains that exist, for each built-in chain. */
export function builtInJumps(hasChain: (table: Table, name: string) => boolean): readonly BuiltInJumps[] {
  const byChain = new Map<string, JumpRule[]>();
  for (const rule of jumpRules.filter(({ table, to }) => hasChain(table, to))) {
    const place = `${rule.table} ${rule.from}`;
    byChain.set(place, [...(byChain.get(place) ?? []), rule]);
  }
  return [...byChain.values()].map(rules => {
    const [{ table, from }] = rules as [JumpRule];
    return {
      table,
      chain: from,
      rules: rules.map(rule => always(rule.why, ...comment(rule.comment), ...jump(rule.to))),
    };
  });
}
