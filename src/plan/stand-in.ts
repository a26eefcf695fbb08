import type { Change } from '../node/change.js';
import type { Chain, Element, Entry, IpSet, Reason, Rule } from '../node/element.js';
import { keyOf, kindOf } from '../node/kinds/index.js';
import { isRemaking, maximumFor, type Remaking } from '../node/kinds/ipset.js';
import { standInNames } from '../node/names.js';
import { elementsOf, type NodeState, nodeState } from '../node/state.js';
import { type DesiredState, diff } from './diff.js';
import { isClosing, ordered } from './order.js';

/**
 * The kernel keeps a set that a rule names, and until such a set has been made anew and filled the rules must find every Service. So another one of the
 * right kind is filled first, and the rules are made to name that. The plan makes them name their own set again, since it compares with the state
 * that this leaves, and takes the stand-in away with what nobody asks for.
 * Whatever else is missing in a set comes before that, except where it would close something: the rules may find more from then on, and a VIP
 * among it that is not in another set yet would be closed.
 */
export function standIns(actual: NodeState, desired: DesiredState, changes: readonly Change[]): readonly Change[] {
  const remade = changes.filter(isRemaking);
  if (remade.length === 0) return [];
  const named = new Set(elementsOf(actual, 'chain').flatMap(({ rules }) => rules.flatMap(setsIn)));
  const needed = remade.filter(({ before }) => named.has(before.name));
  if (needed.length === 0) return [];
  const standing = needed.map(change => standInOf(change, actual, desired, named));
  const wanted: DesiredState = {
    state: new Map(standing.flatMap(({ state }) => [...state])),
    reasons: new Map(standing.flatMap(({ reasons }) => [...reasons])),
  };
  const isInside = (element: Element) => element.kind === 'entry' && wanted.state.has(`set ${element.set}`);
  return [
    ...ordered(missingElsewhere(changes, remade), diff(without(actual, wanted.state), wanted, isInside)),
    ...ordered(renamed(actual, new Map(standing.map(({ set, instead }) => [set, instead])))),
  ];
}

const isSetAt = (argv: readonly string[], at: number): boolean => argv[at - 1] === '--match-set';

const setsIn = ({ argv }: Rule): readonly string[] => argv.filter((_, at) => isSetAt(argv, at));

/** Entries of sets that need not be made anew, and sets that are not there. */
function missingElsewhere(changes: readonly Change[], remade: readonly Remaking[]): readonly Change[] {
  const others = new Set(remade.map(({ before }) => before.name));
  const isMissing = (element: Element) =>
    element.kind === 'set' || (element.kind === 'entry' && !others.has(element.set) && !isClosing(element.set));
  return changes.filter(change => change.verb === 'add' && isMissing(change.after));
}

/** What is there already is made all the same: a script that is run a second time begins with what its first run has taken away at its end. */
const without = (actual: NodeState, wanted: NodeState): NodeState =>
  new Map(
    [...actual].filter(([key, element]) => {
      const same = wanted.get(key);
      return same === undefined || !kindOf(same).same(element, same);
    }),
  );

interface StandIn extends DesiredState {
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
  /** The name of the set that is made anew. */
  readonly set: string;
  /** Undefined where there cannot be any. */
  readonly instead: IpSet | undefined;
}

function standInOf(change: Remaking, actual: NodeState, desired: DesiredState, named: ReadonlySet<string>): StandIn {
  const set = change.after.name;
  const entries = entriesFor(change, actual, desired);
  const maximum = change.after.type === 'bitmap:port' ? undefined : maximumFor(entries.length);
  const candidates = standInNames(set).map((name): IpSet => ({ ...change.after, name, maximum }));
  const instead = candidates.map(candidate => usable(candidate, actual, named)).find(found => found !== undefined);
  if (instead === undefined) return { set, instead, state: new Map(), reasons: new Map() };
  const moved = entries.map(entry => [entry, { ...entry, set: instead.name }] as const);
  const reasons = new Map<string, readonly Reason[]>([
    [keyOf(instead), because(`the rules could look nothing up until ${set} has been made anew`)],
    ...moved.map(([own, entry]) => [keyOf(entry), desired.reasons.get(keyOf(own)) ?? leaving] as const),
  ]);
  return { set, instead, state: nodeState([instead, ...moved.map(([, entry]) => entry)]), reasons };
}

/** An interrupted run may have left one: that serves as it is, or is made anew itself, unless it is of the wrong kind and rules name it. */
function usable(candidate: IpSet, actual: NodeState, named: ReadonlySet<string>): IpSet | undefined {
  const present = actual.get(keyOf(candidate));
  if (present?.kind === 'set' && kindOf(candidate).same(present, candidate)) return present;
  return present !== undefined && named.has(candidate.name) ? undefined : candidate;
}

const because = (why: string): readonly Reason[] => [{ servicePort: undefined, why }];
const leaving = because("if this is interrupted, nothing would tell that a virtual server which must go is kproxy's");

/** All that the set shall hold, and what it holds already: by some of that, virtual servers are known for kproxy's until they are gone. */
function entriesFor({ before, after }: Remaking, actual: NodeState, desired: DesiredState): readonly Entry[] {
  const ofSet = (state: NodeState) => elementsOf(state, 'entry').filter(({ set }) => set === after.name);
  const isSameKind = before.type === after.type && before.family === after.family;
  const wanted = ofSet(desired.state);
  return isSameKind ? [...wanted, ...ofSet(actual).filter(entry => !desired.state.has(keyOf(entry)))] : wanted;
}

type Instead = ReadonlyMap<string, IpSet | undefined>;

/** The chains whose rules name one of the sets, with the names of what stands in for those. */
function renamed(actual: NodeState, instead: Instead): readonly Change[] {
  return elementsOf(actual, 'chain').flatMap((before): Change[] => {
    const sets = [...new Set(before.rules.flatMap(setsIn))].filter(set => instead.has(set));
    if (sets.length === 0) return [];
    const after: Chain = { ...before, rules: before.rules.flatMap(rule => renamedRule(rule, before, instead)) };
    const standing = sets.flatMap(set => instead.get(set)?.name ?? []).join(', ') || 'nothing';
    const why = `names ${standing} in the place of ${sets.join(', ')} meanwhile: the kernel keeps a set that a rule names`;
    return [{ verb: 'change', before, after, reasons: because(why) }];
  });
}

/** A rule that must not go on naming its set and can have no stand-in is taken out: such as one about a set of the other family, which must become one of its own. */
function renamedRule(rule: Rule, { family }: Chain, instead: Instead): readonly Rule[] {
  const isTaken = (set: IpSet | undefined) => set !== undefined && (set.family ?? family) === family;
  if (setsIn(rule).some(set => instead.has(set) && !isTaken(instead.get(set)))) return [];
  const argv = rule.argv.map((word, at) => (isSetAt(rule.argv, at) ? (instead.get(word)?.name ?? word) : word));
  return [{ ...rule, argv }];
}
