import type { ActualState } from '../node/actual-state.js';
import { type Change, subjectOf } from '../node/change.js';
import type { Chain, Element, Entry, IpSet, Rule } from '../node/element.js';
import { keyOf, kindOf } from '../node/kinds/index.js';
import { isRecreation, maximumFor, type Recreation, setKey } from '../node/kinds/ipset.js';
import { temporaryNames } from '../node/names.js';
import type { Reason } from '../node/reason.js';
import { elementsOf, type NodeState, nodeState } from '../node/state.js';
import { diff } from './diff.js';
import { isClosing, ordered } from './order.js';
import type { DesiredState } from './plan.js';

/**
 * Returns the changes that must come first if sets are recreated. A set that a rule references cannot be destroyed. To
 * recreate one without an outage, fill a temporary set and point the rules at it. The rest of the plan is computed
 * against that state: it recreates the set, points the rules back, and removes the temporary set.
 * Missing sets and entries elsewhere are added before that, except entries that close something: from then on the rules
 * may match more, and a VIP among it that is not in another set yet would be closed.
 */
export function temporarySets(
  actual: ActualState,
  desired: DesiredState,
  changes: readonly Change[],
): readonly Change[] {
  const recreations = changes.filter(isRecreation);
  if (recreations.length === 0) return [];
  const chains = elementsOf(actual.state, 'chain');
  const referenced = new Set(chains.flatMap(({ rules }) => rules.flatMap(setsIn)));
  const needed = recreations.filter(({ before }) => referenced.has(before.name));
  if (needed.length === 0) return [];
  const replacements = needed.map(change => replacementFor(change, actual.state, desired, referenced));
  const bySet: Replacements = new Map(replacements.map(({ set, temporary }) => [set, temporary]));
  return [
    ...ordered([...missingElsewhere(changes, recreations), ...filling(actual, replacements)]),
    ...ordered(chains.flatMap(chain => redirected(chain, bySet))),
  ];
}

const isSetAt = (rule: Rule, at: number): boolean => rule[at - 1] === '--match-set';

const setsIn = (rule: Rule): readonly string[] => rule.filter((_, at) => isSetAt(rule, at));

/** Returns the additions of sets, and of entries to sets that need not be recreated. */
function missingElsewhere(changes: readonly Change[], recreations: readonly Recreation[]): readonly Change[] {
  const recreated = new Set(recreations.map(({ before }) => before.name));
  return changes.filter(change => {
    if (change.verb !== 'add') return false;
    const { after } = change;
    return after.kind === 'set' || (after.kind === 'entry' && !recreated.has(after.set) && !isClosing(after.set));
  });
}

interface Replacement {
  /** The name of the set that is recreated. */
  readonly set: string;
  /** Undefined if there can be none. */
  readonly temporary: IpSet | undefined;
  /** The temporary set with its entries. */
  readonly state: NodeState;
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
}

function replacementFor(
  change: Recreation,
  actual: NodeState,
  desired: DesiredState,
  referenced: ReadonlySet<string>,
): Replacement {
  const set = change.after.name;
  const entries = entriesFor(change, actual, desired.state);
  const maximum = change.after.type === 'bitmap:port' ? undefined : maximumFor(entries.length);
  const candidates = temporaryNames(set).map((name): IpSet => ({ ...change.after, name, maximum }));
  const temporary = candidates
    .map(candidate => usable(candidate, actual, referenced))
    .find(found => found !== undefined);
  if (temporary === undefined) return { set, temporary, state: new Map(), reasons: new Map() };
  const copies = entries.map(entry => ({ entry, copy: { ...entry, set: temporary.name } }));
  return {
    set,
    temporary,
    state: nodeState([temporary, ...copies.map(({ copy }) => copy)]),
    reasons: new Map([
      [keyOf(temporary), because(`Without it the rules could look nothing up until ${set} has been recreated.`)],
      ...copies.map(({ entry, copy }) => [keyOf(copy), reasonsForCopy(keyOf(entry), desired)] as const),
    ]),
  };
}

function reasonsForCopy(entry: string, { reasons }: DesiredState): readonly Reason[] {
  const own = reasons.of(entry);
  return own.length === 0 ? evidenceReasons : own;
}

/** Returns the changes that fill the temporary sets, and remove what an interrupted run left in them. */
function filling(actual: ActualState, replacements: readonly Replacement[]): readonly Change[] {
  const state = new Map(replacements.flatMap(replacement => [...replacement.state]));
  const reasons = new Map(replacements.flatMap(replacement => [...replacement.reasons]));
  const isInside = (element: Element) => element.kind === 'entry' && state.has(setKey(element.set));
  return diff({ ...actual, state: without(actual.state, state) }, state, isInside).map(change => ({
    ...change,
    reasons: reasons.get(keyOf(subjectOf(change))) ?? [],
  }));
}

/**
 * Leaves out what is present as it will be, so that it is added all the same: a script's first run removes temporary
 * sets at its end, and a second run needs them again.
 */
const without = (actual: NodeState, wanted: NodeState): NodeState =>
  new Map(
    [...actual].filter(([key, element]) => {
      const same = wanted.get(key);
      return same === undefined || !kindOf(same).same(element, same);
    }),
  );

/**
 * An existing temporary set serves as it is, or is recreated itself, unless it has the wrong kind and rules name it.
 */
function usable(candidate: IpSet, actual: NodeState, referenced: ReadonlySet<string>): IpSet | undefined {
  const present = actual.get(keyOf(candidate));
  if (present?.kind === 'set' && kindOf(candidate).same(present, candidate)) return present;
  return present !== undefined && referenced.has(candidate.name) ? undefined : candidate;
}

const because = (why: string): readonly Reason[] => [{ servicePort: undefined, why }];
const evidenceReasons = because(
  "Without it an interrupted run would leave no evidence that a virtual server which must be removed is kproxy's.",
);

/**
 * Returns all entries that the set will have, and those that it has now: some of these are the evidence that virtual
 * servers are kproxy's until they are removed.
 */
function entriesFor({ before, after }: Recreation, actual: NodeState, desired: NodeState): readonly Entry[] {
  const ofSet = (state: NodeState) => elementsOf(state, 'entry').filter(({ set }) => set === after.name);
  const isSameKind = before.type === after.type && before.family === after.family;
  const needed = ofSet(desired);
  return isSameKind ? [...needed, ...ofSet(actual).filter(entry => !desired.has(keyOf(entry)))] : needed;
}

/** The temporary set that replaces each recreated set. */
type Replacements = ReadonlyMap<string, IpSet | undefined>;

/** Returns the change of a chain whose rules name one of the sets. */
function redirected(before: Chain, replacements: Replacements): readonly Change[] {
  const sets = [...new Set(before.rules.flatMap(setsIn))].filter(set => replacements.has(set));
  if (sets.length === 0) return [];
  const after: Chain = { ...before, rules: before.rules.flatMap(rule => redirectedRule(rule, before, replacements)) };
  const names = sets.flatMap(set => replacements.get(set)?.name ?? []).join(', ') || 'nothing';
  const why =
    `Points to ${names} instead of ${sets.join(', ')} meanwhile, because the kernel keeps a set that ` +
    `a rule names.`;
  return [{ verb: 'change', before, after, reasons: because(why) }];
}

/** Drops a rule if its set needs a temporary replacement and none of the right family exists. */
function redirectedRule(rule: Rule, { family }: Chain, replacements: Replacements): readonly Rule[] {
  const isUsable = (set: IpSet | undefined) => set !== undefined && (set.family ?? family) === family;
  if (setsIn(rule).some(set => replacements.has(set) && !isUsable(replacements.get(set)))) return [];
  return [rule.map((word, at) => (isSetAt(rule, at) ? (replacements.get(word)?.name ?? word) : word))];
}
