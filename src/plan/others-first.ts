import { eachInParts, type InParts } from '../breath.js';
import { type Change, isRemoval, subjectOf } from '../node/change.js';
import { keyOf } from '../node/kinds/index.js';
import type { LargeServices } from '../proxy/ledger.js';
import { isContainerRecreation } from './diff.js';
import type { Plan } from './plan.js';

/** How many changes of large Services are made at once. In between, changes of others get their turn. */
const changesAtOnce = 5_000;

/** From so many removals on they wait too: a Service that is large or was large is going. */
const manyRemovals = 2_000;

/** The kinds of which a Service can have many. All others are needed by all Services together. */
const ofServices: ReadonlySet<string> = new Set(['entry', 'address', 'virtual-server', 'real-server']);

/**
 * Divides a plan: first what all but large Services need, then the additions of large ones and many removals, bit by
 * bit. Within each part the order stays. An addition may wait, because no other Service needs it; a removal may,
 * because it only ever follows.
 */
export function* othersFirst(plan: Plan, large: LargeServices): InParts<readonly Plan[]> {
  const removals = plan.filter(change => isRemoval(change) && isOfService(change));
  const doRemovalsWait = removals.length > manyRemovals;
  if (!large.hasLarge && !doRemovalsWait) return [plan];
  // A set that is recreated needs all of its entries at once.
  if (plan.some(isContainerRecreation)) return [plan];
  const waits = (change: Change): boolean => {
    if (!isOfService(change)) return false;
    if (isRemoval(change)) return doRemovalsWait;
    return change.verb === 'add' && large.hasLarge && large.isOfLarge(keyOf(change.after));
  };
  const first: Change[] = [];
  const waiting: Change[] = [];
  yield* eachInParts(plan, change => void (waits(change) ? waiting : first).push(change));
  if (waiting.length <= manyRemovals) return [plan];
  const parts: Plan[] = [first];
  for (let at = 0; at < waiting.length; at += changesAtOnce) parts.push(waiting.slice(at, at + changesAtOnce));
  return parts.filter(part => part.length > 0);
}

const isOfService = (change: Change): boolean => ofServices.has(subjectOf(change).kind);
