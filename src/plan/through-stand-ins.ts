import { keyOf } from '../node/kinds/index.js';
import { allStandInNames, stoodInFor } from '../node/names.js';
import type { NodeState } from '../node/state.js';

/**
 * The node as it counts where an interrupted run has left stand-ins: what stands in one of them stands in the set that it stands in for, which may have
 * lost it.
 */
export function throughStandIns(state: NodeState): NodeState {
  if (!allStandInNames.some(name => state.has(`set ${name}`))) return state;
  const seen = new Map(state);
  for (const [key, element] of state) {
    const set = element.kind === 'set' ? element.name : element.kind === 'entry' ? element.set : '';
    const own = stoodInFor(set);
    if (own === undefined) continue;
    seen.delete(key);
    if (element.kind === 'entry') {
      const entry = { ...element, set: own };
      seen.set(keyOf(entry), entry);
    }
  }
  return seen;
}
