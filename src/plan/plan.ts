import { atOnce, type InParts } from '../breath.js';
import type { ActualState } from '../node/actual-state.js';
import type { Change } from '../node/change.js';
import type { Element } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { isRecreation } from '../node/kinds/ipset.js';
import type { Reasons } from '../node/reason.js';
import type { NodeState } from '../node/state.js';
import { diffInParts } from './diff.js';
import { orderedInParts } from './order.js';
import type { Ownership } from './ownership.js';
import { temporarySets } from './temporary-sets.js';

/**
 * Changes in the order in which they are made. Applied to the actual state they give the desired one. Stale UDP flows
 * are found and removed after them.
 */
export type Plan = readonly Change[];

export interface DesiredState {
  readonly state: NodeState;
  readonly reasons: Reasons;
}

/** Plans the way from the actual node to the desired one. */
export const planOf = (actual: ActualState, desired: DesiredState, owned: Ownership): Plan =>
  atOnce(planInParts(actual, desired, owned));

/** Does the same and yields in between. */
export function* planInParts(actual: ActualState, desired: DesiredState, owned: Ownership): InParts<Plan> {
  const direct = yield* diffInParts(actual, desired.state, owned);
  const before = temporarySets(actual, desired, direct);
  // The rest is planned from the state with temporary sets, so that it points the rules back and removes those sets.
  const state = before.length === 0 ? actual.state : withChanges(actual.state, before);
  const changes = before.length === 0 ? direct : yield* diffInParts({ ...actual, state }, desired.state, owned);
  // A set that is recreated loses the entries that show whose a virtual server is.
  const isShown = changes.some(isRecreation) || before.length > 0 ? () => false : owned.isInSets;
  return [...before, ...(yield* orderedInParts(changes, isShown))];
}

function withChanges(state: NodeState, changes: readonly Change[]): NodeState {
  const after = new Map<string, Element>(state);
  for (const change of changes)
    if (change.verb === 'remove') after.delete(keyOf(change.before));
    else after.set(keyOf(change.after), change.after);
  return after;
}
