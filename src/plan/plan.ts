import type { Change } from '../node/change.js';
import type { Reason } from '../node/element.js';
import type { NodeState } from '../node/state.js';
import { detached } from './detach.js';
import { diff } from './diff.js';
import { ordered } from './order.js';
import type { IsOwn } from './ownership.js';
import { staleFlows } from './stale-flows.js';

/** Changes in the order in which they are made. Applied to the actual state they give the desired one. */
export type Plan = readonly Change[];

/** Plans the way from the actual node to the desired one. */
export function planOf(
  actual: NodeState,
  desired: { readonly state: NodeState; readonly reasons: ReadonlyMap<string, readonly Reason[]> },
  isOwn: IsOwn,
): Plan {
  const first = diff(actual, desired, isOwn);
  const { state, changes: detaching } = detached(actual, first);
  const changes = detaching.length === 0 ? first : diff(state, desired, isOwn);
  return [...detaching, ...ordered([...changes, ...staleFlows(actual, changes)])];
}
