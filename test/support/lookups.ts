import type { Element } from '../../src/node/element.js';
import { stoodInFor } from '../../src/node/names.js';
import { elementsOf, type NodeState } from '../../src/node/state.js';

/** A rule that looks something up. */
export interface Lookup {
  /** `IPv4 nat KUBE-SERVICES`. */
  readonly chain: string;
  /** The rule, with a set's own name where it names what stands in for that. */
  readonly rule: string;
  /** What it looks for, as an entry of the set. */
  readonly entry: string;
}

const ownName = (word: string, index: number, argv: readonly string[]): string =>
  argv[index - 1] === '--match-set' ? (stoodInFor(word) ?? word) : word;

/** A chain as if its rules named no stand-in; everything else as it is. */
export const throughRules = (element: Element): Element =>
  element.kind === 'chain'
    ? { ...element, rules: element.rules.map(rule => ({ ...rule, argv: rule.argv.map(ownName) })) }
    : element;

interface NamedSet {
  readonly chain: string;
  readonly rule: string;
  readonly set: string;
}

const namedSets = (state: NodeState): readonly NamedSet[] =>
  elementsOf(state, 'chain').flatMap(({ family, table, name, rules }) =>
    rules.flatMap(({ argv }) => {
      const at = argv.indexOf('--match-set');
      const rule = argv.map(ownName).join(' ');
      return at < 0 ? [] : [{ chain: `${family} ${table} ${name}`, rule, set: argv[at + 1] ?? '' }];
    }),
  );

/** Every entry of a state, for each rule that looks its set up. */
export function wantedLookups(state: NodeState): readonly Lookup[] {
  const entries = elementsOf(state, 'entry');
  return namedSets(state).flatMap(({ chain, rule, set }) =>
    entries.filter(entry => entry.set === set).map(({ value }) => ({ chain, rule, entry: value })),
  );
}

/** Says whether a rule is there and finds the entry in the set that it names: a set of addresses tells no ports apart. */
export function lookups(state: NodeState): (lookup: Lookup) => boolean {
  const sets = new Map(namedSets(state).map(({ chain, rule, set }) => [`${chain} ${rule}`, set]));
  return ({ chain, rule, entry }) => {
    const set = sets.get(`${chain} ${rule}`) ?? '';
    const present = state.get(`set ${set}`);
    const isOfAddresses = present?.kind === 'set' && present.type === 'hash:ip';
    return state.has(`entry ${set} ${isOfAddresses ? entry.split(',')[0] : entry}`);
  };
}
