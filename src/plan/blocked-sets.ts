import type { ActualState } from '../node/actual-state.js';
import type { Element, IpSet, Rule } from '../node/element.js';
import { keyOf, kindOf } from '../node/kinds/index.js';
import { canSwap, setKey } from '../node/kinds/ipset.js';
import { temporaryNames } from '../node/names.js';
import type { Reasons } from '../node/reason.js';
import { elementsOf, type NodeState } from '../node/state.js';

interface WithSets {
  readonly state: NodeState;
  readonly reasons: Reasons;
  readonly setSizes: ReadonlyMap<string, number>;
}

/**
 * Gives sets that can neither be destroyed nor trade contents their temporary names: other software uses the present
 * set, and it has another type or family. kproxy's rules use the temporary set as long as that is so.
 */
export function withoutBlockedSets<Desired extends WithSets>(desired: Desired, actual: ActualState): Desired {
  if (actual.foreignUses.size === 0) return desired;
  const names = blockedSets(desired.state, actual);
  if (names.size === 0) return desired;
  const originals = new Map<string, string>();
  const state = new Map<string, Element>();
  desired.state.forEach((element, key) => {
    const renamed = withNames(element, names);
    const newKey = keyOf(renamed);
    originals.set(newKey, key);
    state.set(newKey, renamed);
  });
  const { reasons, setSizes } = desired;
  return {
    ...desired,
    state,
    reasons: { ...reasons, of: key => reasons.of(originals.get(key) ?? key) },
    setSizes: new Map(Array.from(setSizes, ([set, size]) => [names.get(set) ?? set, size])),
  };
}

/** Returns the temporary name of each set that is blocked. */
function blockedSets(desired: NodeState, { state, foreignUses }: ActualState): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const set of elementsOf(desired, 'set')) {
    const present = state.get(setKey(set.name));
    if (present?.kind !== 'set' || canSwap(present, set) || !foreignUses.has(setKey(set.name))) continue;
    const name = temporaryNames(set.name).find(candidate => isFree({ ...set, name: candidate }, state, foreignUses));
    if (name !== undefined) names.set(set.name, name);
  }
  return names;
}

function isFree(set: IpSet, state: NodeState, foreignUses: ActualState['foreignUses']): boolean {
  const present = state.get(keyOf(set));
  return present === undefined || kindOf(set).same(present, set) || !foreignUses.has(keyOf(set));
}

function withNames(element: Element, names: ReadonlyMap<string, string>): Element {
  if (element.kind === 'set') return { ...element, name: names.get(element.name) ?? element.name };
  if (element.kind === 'entry') return { ...element, set: names.get(element.set) ?? element.set };
  if (element.kind !== 'chain') return element;
  const renamed = (rule: Rule): Rule =>
    rule.map((word, at) => (rule[at - 1] === '--match-set' ? (names.get(word) ?? word) : word));
  return { ...element, rules: element.rules.map(renamed) };
}
