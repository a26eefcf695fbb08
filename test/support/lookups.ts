import type { Element } from '../../src/node/element.js';
import { replacedSet } from '../../src/node/names.js';
import { elementsOf, type NodeState } from '../../src/node/state.js';

/** An entry that a rule looks up. */
export interface Lookup {
  /** `IPv4 nat KUBE-SERVICES`. */
  readonly chain: string;
  /** The rule, with the name of the replaced set instead of a temporary one. */
  readonly rule: string;
  /** The entry of the set. */
  readonly entry: string;
}

const ownName = (word: string, index: number, argv: readonly string[]): string =>
  argv[index - 1] === '--match-set' ? (replacedSet(word) ?? word) : word;

/** Returns a chain as if its rules named no temporary sets, and every other element unchanged. */
export const withOwnSets = (element: Element): Element =>
  element.kind === 'chain' ? { ...element, rules: element.rules.map(rule => rule.map(ownName)) } : element;

interface NamedSet {
  readonly chain: string;
  readonly rule: string;
  readonly set: string;
}

const namedSets = (state: NodeState): readonly NamedSet[] =>
  elementsOf(state, 'chain').flatMap(({ family, table, name, rules }) =>
    rules.flatMap(argv => {
      const at = argv.indexOf('--match-set');
      const rule = argv.map(ownName).join(' ');
      return at < 0 ? [] : [{ chain: `${family} ${table} ${name}`, rule, set: argv[at + 1] ?? '' }];
    }),
  );

/** Returns every entry of a state, for each rule that looks its set up. */
export function neededLookups(state: NodeState): readonly Lookup[] {
  const entries = elementsOf(state, 'entry');
  return namedSets(state).flatMap(({ chain, rule, set }) =>
    entries.filter(entry => entry.set === set).map(({ value }) => ({ chain, rule, entry: value })),
  );
}

/**
 * Returns a function that tells whether a rule is present and finds an entry in the set that it names. A set of
 * addresses does not distinguish ports.
 */
export function lookups(state: NodeState): (lookup: Lookup) => boolean {
  const sets = new Map(namedSets(state).map(({ chain, rule, set }) => [`${chain} ${rule}`, set]));
  return ({ chain, rule, entry }) => {
    const set = sets.get(`${chain} ${rule}`) ?? '';
    const present = state.get(`set ${set}`);
    const isOfAddresses = present?.kind === 'set' && present.type === 'hash:ip';
    return state.has(`entry ${set} ${isOfAddresses ? entry.split(',')[0] : entry}`);
  };
}
