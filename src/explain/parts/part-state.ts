import { type Change, subjectOf } from '../../node/change.js';
import { keyOf } from '../../node/kinds/index.js';
import { differenceOf } from '../../output/differences.js';
import type { Owner, PartSources, PartState } from './part.js';

interface StateOfPart {
  readonly state: PartState;
  /** How the part differs from what it should be, one line each. */
  readonly differences: readonly string[];
}

const states: Readonly<Record<Change['verb'], PartState>> = {
  add: 'missing',
  change: 'different',
  remove: 'left over',
};

/**
 * Returns whether a part is as kproxy needs it.
 * @param key of the element that has the part, if kproxy knows one
 * @param isThere whether the node has it
 */
export function stateOfPart(
  { desired, actual, changes }: PartSources,
  { key, owner, isThere }: { readonly key: string | undefined; readonly owner: Owner; readonly isThere: boolean },
): StateOfPart {
  const isDesired = key !== undefined && desired.state.has(key);
  if (actual === undefined) return { state: isDesired ? 'desired' : 'not needed', differences: [] };
  const change = changes.find(one => keyOf(subjectOf(one)) === key);
  if (change !== undefined)
    return { state: states[change.verb], differences: differenceOf(change, desired.reasons).differences };
  if (isDesired) return { state: isThere ? 'in sync' : 'missing', differences: [] };
  if (!isThere) return { state: 'not needed', differences: [] };
  return { state: owner.is === 'kproxy' ? 'left over' : 'foreign', differences: [] };
}
