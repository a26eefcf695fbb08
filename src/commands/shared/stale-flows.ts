import { KproxyError } from '../../errors.js';
import type { NodeAccess } from '../../node/access.js';
import { diff } from '../../plan/diff.js';
import { flowsOfChanges } from '../../plan/flows-of-changes.js';
import type { Plan } from '../../plan/plan.js';
import { findStaleFlows } from '../../sync/remove-stale-flows.js';
import type { ReadAndReconciled, ReadOptions } from './read-and-reconcile.js';

/**
 * Returns how a node differs from the desired state, with the stale UDP flows that sync would remove. Leaves these out
 * if conntrack is missing or fails, which sync reports, and for a snapshot, which has no flows.
 */
export async function differencesWithFlows(
  { snapshot }: Pick<ReadOptions, 'snapshot'>,
  { actual, reconciliation }: Pick<ReadAndReconciled, 'actual' | 'reconciliation'>,
  node: NodeAccess,
): Promise<Plan> {
  const { desired, isOwn } = reconciliation;
  const changes = diff(actual, desired.state, isOwn);
  if (snapshot !== undefined) return changes;
  const leaving = flowsOfChanges(actual.state, changes);
  const flows = await findStaleFlows(node, { plan: changes, leaving, after: desired.state }, isOwn).catch(error => {
    if (error instanceof KproxyError) return [];
    throw error;
  });
  return [...changes, ...flows];
}
