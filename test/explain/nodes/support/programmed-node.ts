import type { Datapath, RuleChain, RuleTable } from '../../../../src/node/datapath/datapath.js';
import { ipvsDevice } from '../../../../src/node/names.js';
import { type DamagedNode, damagedNode, programmedText } from '../../support/damaged-node.js';
import type { RecordedNode } from './recorded-node.js';

/** Whose rules are first in the built-in chains. Software puts its own in front when it starts. */
export type Order = 'kproxy first' | 'others first';

/** Returns the tutorial's worker as kproxy programs it, with all that a node has besides. */
export const programmedNode = async (foreign: RecordedNode, order: Order): Promise<DamagedNode> =>
  damagedNode(await programmedText(), own => together(own, foreign, order));

const together = (own: Datapath, foreign: RecordedNode, order: Order): Datapath => ({
  ...own,
  tables: merged(own.tables, foreign.tables ?? [], order),
  sets: [...own.sets, ...(foreign.sets ?? [])],
  links:
    foreign.links === undefined
      ? own.links
      : [...foreign.links, ...own.links.filter(({ name }) => name === ipvsDevice)],
  routes:
    foreign.routes === undefined
      ? own.routes
      : [...foreign.routes, ...own.routes.filter(({ hops }) => hops[0]?.device === ipvsDevice)],
  routingRules: foreign.routingRules ?? own.routingRules,
});

function merged(own: readonly RuleTable[], foreign: readonly RuleTable[], order: Order): readonly RuleTable[] {
  const others = foreign.filter(table => !own.some(one => isSameTable(one, table)));
  return [
    ...others,
    ...own.map(table => {
      const same = foreign.find(one => isSameTable(one, table));
      return same === undefined ? table : { ...table, chains: mergedChains(table.chains, same.chains, order) };
    }),
  ];
}

const isSameTable = (one: RuleTable, other: RuleTable): boolean =>
  one.family === other.family && one.name === other.name;

/** The policy is that of the other software. A chain that both have, such as KUBE-SERVICES, is kproxy's. */
function mergedChains(own: readonly RuleChain[], foreign: readonly RuleChain[], order: Order): readonly RuleChain[] {
  const names = new Set([...own, ...foreign].map(({ name }) => name));
  return Array.from(names, name => {
    const mine = own.find(chain => chain.name === name);
    const other = foreign.find(chain => chain.name === name);
    if (mine === undefined || other === undefined) return (mine ?? other) as RuleChain;
    if (other.policy === undefined) return mine;
    const rules = order === 'kproxy first' ? [...mine.rules, ...other.rules] : [...other.rules, ...mine.rules];
    return { ...mine, policy: other.policy, rules };
  });
}
