import type { NodeAccess } from '../../node/access.js';
import { withBackend } from '../../node/iptables-backend.js';
import { Acceptance } from '../../sync/acceptance.js';
import { requireApplied } from '../../sync/verify.js';
import { type ReadAndReconciled, type ReadOptions, reconcileAgain } from './read-and-reconcile.js';

/**
 * Applies a plan and verifies it. What the node does not accept is left out, and the rest is reconciled with the node
 * as it then is, until the node accepts everything.
 * @returns the last reconciliation, whose problems name what was left out
 * @throws KproxyError (`scheduler-missing`) before the first change, or if a batch fails for another reason than single
 * elements
 */
export async function applyAccepted(
  options: ReadOptions,
  first: ReadAndReconciled,
  node: NodeAccess,
): Promise<ReadAndReconciled> {
  const acceptance = new Acceptance(options.proxy.scheduler);
  const apply = ({ reconciliation, actual, iptables }: ReadAndReconciled) =>
    acceptance.apply(withBackend(node, iptables), reconciliation.plan, actual.state);
  let result = first;
  while (!(await apply(result))) result = await reconcileAgain(options, result, node, acceptance);
  if (result.reconciliation.plan.length > 0)
    await requireApplied(withBackend(node, result.iptables), result.reconciliation, result.ledger);
  return result;
}
