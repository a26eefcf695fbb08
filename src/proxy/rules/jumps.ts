import type { Family } from '../../net/address.js';
import type { Jumps, Table } from '../../node/element.js';
import { comment, jump } from './rule-context.js';

interface JumpRule {
  readonly table: Table;
  readonly from: string;
  readonly to: string;
  readonly comment: string;
  readonly why: string;
}

/** Every jump from a built-in chain, in the order in which they stand there. */
const jumpRules: readonly JumpRule[] = [
  {
    table: 'nat',
    from: 'PREROUTING',
    to: 'KUBE-SERVICES',
    comment: 'kubernetes service portals',
    why: 'packets that come from Pods and from outside',
  },
  {
    table: 'nat',
    from: 'OUTPUT',
    to: 'KUBE-SERVICES',
    comment: 'kubernetes service portals',
    why: "packets of this node's own processes",
  },
  {
    table: 'nat',
    from: 'POSTROUTING',
    to: 'KUBE-POSTROUTING',
    comment: 'kubernetes postrouting rules',
    why: 'the source can only be changed where the packet leaves',
  },
  {
    table: 'filter',
    from: 'INPUT',
    to: 'KUBE-IPVS-FILTER',
    comment: 'kubernetes ipvs access filter',
    why: 'packets to a VIP come to INPUT, since the VIP is an address of this node',
  },
  {
    table: 'filter',
    from: 'INPUT',
    to: 'KUBE-PROXY-FIREWALL',
    comment: 'kube-proxy firewall rules',
    why: 'source ranges are looked at before IPVS takes the packet',
  },
  {
    table: 'filter',
    from: 'INPUT',
    to: 'KUBE-NODE-PORT',
    comment: 'kubernetes health check rules',
    why: 'health checks pass before a host firewall drops them',
  },
  {
    table: 'filter',
    from: 'FORWARD',
    to: 'KUBE-PROXY-FIREWALL',
    comment: 'kube-proxy firewall rules',
    why: 'source ranges hold for forwarded packets too',
  },
  {
    table: 'filter',
    from: 'FORWARD',
    to: 'KUBE-FORWARD',
    comment: 'kubernetes forwarding rules',
    why: 'balanced packets to a Pod pass a FORWARD policy of DROP',
  },
  {
    table: 'filter',
    from: 'OUTPUT',
    to: 'KUBE-IPVS-OUT-FILTER',
    comment: 'kubernetes ipvs access filter',
    why: "this node's own packets to a closed VIP are dropped",
  },
];

const chapterChains = ['KUBE-SERVICES', 'KUBE-POSTROUTING', 'KUBE-FORWARD'];

/** The jumps to the chains that there are, a list for each built-in chain. */
export function jumps(family: Family, hasChain: (table: Table, name: string) => boolean): readonly Jumps[] {
  const wanted = jumpRules.filter(rule => hasChain(rule.table, rule.to));
  const places = [...new Set(wanted.map(rule => `${rule.table} ${rule.from}`))];
  return places.map((place): Jumps => {
    const here = wanted.filter(rule => `${rule.table} ${rule.from}` === place);
    const { table, from: chain } = here[0] as JumpRule;
    const rules = here.map(rule => ({
      argv: [...comment(rule.comment), ...jump(rule.to)],
      why: rule.why,
      beyondChapter: !chapterChains.includes(rule.to),
    }));
    return { kind: 'jumps', family, table, chain, rules, behind: [] };
  });
}
