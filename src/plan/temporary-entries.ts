import { setOf } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { setKey } from '../node/kinds/ipset.js';
import { allTemporaryNames, replacedSet } from '../node/names.js';
import type { NodeState } from '../node/state.js';

/** Treats entries of temporary sets that an interrupted run left behind as entries of the sets that they replace. */
export function withoutTemporarySets(state: NodeState): NodeState {
  if (!allTemporaryNames.some(name => state.has(setKey(name)))) return state;
  const result = new Map(state);
  for (const [key, element] of state) {
    const replaced = replacedSet(setOf(element) ?? '');
    if (replaced === undefined) continue;
    result.delete(key);
    if (element.kind === 'entry') {
      const entry = { ...element, set: replaced };
      result.set(keyOf(entry), entry);
    }
  }
  return result;
}
