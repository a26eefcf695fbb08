import type { Change } from '../node/change.js';
import { keyOf } from '../node/kinds/index.js';
import type { NodeState } from '../node/state.js';
import { type DesiredState, diff } from './diff.js';
import { ordered } from './order.js';
import type { IsOwn } from './ownership.js';
import { staleFlows } from './stale-flows.js';
import { standIns } from './stand-in.js';

/** Changes in the order in which they are made. Applied to the actual state they give the desired one. */
export type Plan = readonly Change[];

/** Plans the way from the actual node to the desired one. */
export function planOf(actual: NodeState, desired: DesiredState, isOwn: IsOwn): Plan {
  const first = diff(actual, desired, isOwn);
  const before = standIns(actual, desired, first);
  const changes = before.length === 0 ? first : diff(withChanges(actual, before), desired, isOwn);
  const after = ordered(changes, staleFlows(actual, changes));
  return before.length === 0 ? after : [...before, ...after];
}

function withChanges(state: NodeState, changes: readonly Change[]): NodeState {
  const after = new Map(state);
  for (const change of changes)
    if (change.verb === 'remove') after.delete(keyOf(change.before));
    else after.set(keyOf(change.after), change.after);
  return after;
}
