import { type Family, families } from '../net/address.js';
import { type Change, subjectOf } from '../node/change.js';
import type { Chain, Element, Jumps, Table } from '../node/element.js';
import { chainKey } from '../node/kinds/chain.js';
import { jumpsKey } from '../node/kinds/jumps.js';
import { chainNames } from '../node/names.js';
import type { ElementLookup } from '../node/state.js';
import { builtInJumps } from '../proxy/rules/jumps.js';

/** The number of rules in one table of one family. */
export interface RuleCount {
  readonly family: Family;
  readonly table: Table;
  readonly rules: number;
}

const tables: readonly Table[] = ['filter', 'nat'];

/** The keys of all chains and jumps that a node can have, by family and table. Computed once. */
const places = families.flatMap(family => tables.map(table => ({ family, table, keys: keysOf(family, table) })));

function keysOf(family: Family, table: Table): readonly string[] {
  const jumps = builtInJumps(() => true).filter(built => built.table === table);
  return [
    ...chainNames[table].map(name => chainKey({ family, table, name })),
    ...jumps.map(({ chain }) => jumpsKey(family, table, chain)),
  ];
}

/** Counts the rules that kproxy has on a node that is in this state. Looks only at chains and jumps. */
export const ruleCounts = (state: Pick<ElementLookup, 'get'>): readonly RuleCount[] =>
  places.map(({ family, table, keys }) => ({
    family,
    table,
    rules: keys.reduce((sum, key) => sum + rulesOf(state.get(key)), 0),
  }));

/** Counts the rules that a plan writes. */
export function writtenRules(plan: readonly Change[]): readonly RuleCount[] {
  const written = plan.flatMap(change => {
    const subject = subjectOf(change);
    return change.verb !== 'remove' && hasRules(subject) ? [subject] : [];
  });
  return places.map(({ family, table }) => ({
    family,
    table,
    rules: written
      .filter(element => element.family === family && element.table === table)
      .reduce((sum, { rules }) => sum + rules.length, 0),
  }));
}

const hasRules = (element: Element): element is Chain | Jumps => element.kind === 'chain' || element.kind === 'jumps';

const rulesOf = (element: Element | undefined): number =>
  element !== undefined && hasRules(element) ? element.rules.length : 0;
