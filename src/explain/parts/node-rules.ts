import type { Family } from '../../net/address.js';
import type { RuleChain, RuleTable } from '../../node/datapath/datapath.js';
import type { Rule } from '../../node/element.js';
import { chainKey } from '../../node/kinds/chain.js';
import { jumpsKey } from '../../node/kinds/jumps.js';
import type { RuleReason } from '../../node/reason.js';
import { hasSameWords } from '../../node/rule-words.js';
import { elementsOf } from '../../node/state.js';
import type { Desired } from '../../proxy/desired.js';
import { parsedRule } from '../rules/parse-rule.js';
import { type Hook, hooks } from '../trace/trace.js';
import { isBuiltIn } from './owners.js';
import type { JumpSource, PartSources } from './part.js';

/** A chain by its place. */
export interface ChainAt {
  readonly family: Family;
  readonly table: string;
  readonly chain: RuleChain;
}

/** Returns all rules of the node as it is, or as it should be if it was not read. */
export const rulesOfNode = ({ actual, desired }: Pick<PartSources, 'actual' | 'desired'>): readonly RuleTable[] =>
  actual?.tables ?? desiredTables(desired);

/** Returns the rules that kproxy needs, with its jumps as the only rules of the built-in chains. */
export function desiredTables({ state }: Desired): readonly RuleTable[] {
  const tables = new Map<string, { family: Family; name: string; chains: RuleChain[] }>();
  const add = (family: Family, name: string, chain: RuleChain) => {
    const key = `${family} ${name}`;
    const table = tables.get(key) ?? { family, name, chains: [] };
    tables.set(key, table);
    table.chains.push(chain);
  };
  const counted = (rules: readonly Rule[]) => rules.map(argv => ({ argv }));
  for (const { family, table, chain, rules } of elementsOf(state, 'jumps'))
    add(family, table, { name: chain, policy: 'ACCEPT', rules: counted(rules) });
  for (const { family, table, name, rules } of elementsOf(state, 'chain'))
    add(family, table, { name, policy: undefined, rules: counted(rules) });
  return [...tables.values()];
}

/** Returns all chains, or those of one name. */
export const chainsIn = (tables: readonly RuleTable[], name?: string): readonly ChainAt[] =>
  tables.flatMap(table =>
    table.chains
      .filter(chain => name === undefined || chain.name === name)
      .map(chain => ({ family: table.family, table: table.name, chain })),
  );

interface DesiredChain {
  readonly rules: readonly Rule[];
  /** The reasons of the rules, in order. */
  readonly reasons: readonly RuleReason[];
  /** The key of the element that has the rules. */
  readonly key: string;
}

/** Returns what kproxy needs in a chain of a table, or undefined if it needs nothing there. */
export function desiredChain(
  { state, reasons }: Desired,
  { family, table, name }: { readonly family: Family; readonly table: string; readonly name: string },
): DesiredChain | undefined {
  if (table !== 'nat' && table !== 'filter') return undefined;
  const key = isBuiltIn(name) ? jumpsKey(family, table, name) : chainKey({ family, table, name });
  const element = state.get(key);
  if (element?.kind !== 'chain' && element?.kind !== 'jumps') return undefined;
  return { rules: element.rules, reasons: reasons.ofRules(key), key };
}

/** Returns kproxy's reason for a rule, or undefined if kproxy does not need it there. */
export function reasonOfRule(desired: DesiredChain | undefined, argv: Rule): RuleReason | undefined {
  const index = desired?.rules.findIndex(rule => hasSameWords(rule, argv)) ?? -1;
  return index < 0 ? undefined : desired?.reasons[index];
}

/** Returns the chain or target that a rule goes to, or undefined. */
export const destinationOf = (argv: Rule): string | undefined => parsedRule(argv).target?.name;

const setOptions: ReadonlySet<string> = new Set(['--match-set', '--add-set', '--del-set', '--map-set']);

/** Returns the sets that a rule names, each with the `dst,dst` behind it. */
export function setsOfRule(argv: Rule): readonly { readonly name: string; readonly directions: string }[] {
  const { matches, target } = parsedRule(argv);
  return [...matches.flatMap(({ options }) => options), ...(target?.options ?? [])]
    .filter(({ name }) => setOptions.has(name))
    .map(({ values: [name = '', directions = ''] }) => ({ name, directions }));
}

/** Returns the rules that go to a chain, in the order of the table. */
export const jumpsTo = ({ chains }: RuleTable, name: string): readonly JumpSource[] =>
  chains.flatMap(chain =>
    chain.rules.flatMap(({ argv }, index) =>
      destinationOf(argv) === name ? [{ chain: chain.name, number: index + 1 }] : [],
    ),
  );

/** Returns the hooks from which rules lead to a chain, in the order of a packet's way. */
export function hooksOf(table: RuleTable, name: string): readonly Hook[] {
  const seen = new Set([name]);
  for (const chain of seen) for (const source of jumpsTo(table, chain)) seen.add(source.chain);
  return hooks.filter(hook => seen.has(hook));
}

/** Returns the table of a family. */
export const tableOf = (tables: readonly RuleTable[], family: Family, name: string): RuleTable =>
  tables.find(table => table.family === family && table.name === name) ?? { family, name, chains: [] };
