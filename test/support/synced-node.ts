import type { Cluster } from '../../src/cluster/cluster.js';
import type { NodeAccess } from '../../src/node/access.js';
import { actualState } from '../../src/node/actual-state.js';
import { type Applied, applyPlan } from '../../src/node/apply.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import { needsTimeouts } from '../../src/proxy/ipvs-timeouts.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { ledgerOf } from '../../src/proxy/service-claims.js';
import { coverageOfCluster, type ReadScope } from '../../src/sync/coverage.js';
import { DeltaTracker } from '../../src/sync/delta-tracker.js';
import { type Reconciliation, reconcile } from '../../src/sync/reconcile.js';
import { type FakeKernel, type FakeNode, fakeNode, freshKernel } from './fake-node/index.js';

/** A random cluster may have no Service that nodes serve. */
const wholeCluster = { namespace: undefined, allowEmpty: true };

/** Reads a node and reconciles it with a cluster, as sync does. */
export async function reconciliationOn(
  node: NodeAccess,
  cluster: Cluster,
  options: ProxyOptions,
  scope: ReadScope = wholeCluster,
): Promise<Reconciliation> {
  const { facts, findings } = await readNode(node, undefined, { timeouts: needsTimeouts(options) });
  const ledger = ledgerOf(cluster, options, facts);
  const tracker = new DeltaTracker(ledger);
  tracker.replaceActual(findings);
  return reconcile({ ledger, actual: tracker.whole(), coverage: coverageOfCluster(cluster, scope), options, facts });
}

/** Reads a node's state. */
export const readState = async (node: NodeAccess): Promise<NodeState> =>
  actualState((await readNode(node)).findings).state;

/** Brings a node to what a cluster needs, without verifying it. */
export async function syncOnce(node: FakeNode, cluster: Cluster, options: ProxyOptions): Promise<Applied> {
  return applyPlan(node, (await reconciliationOn(node, cluster, options)).plan);
}

/** Returns a node on which a cluster has been programmed. */
export async function syncedNode(
  cluster: Cluster,
  options: ProxyOptions,
  kernel: FakeKernel = freshKernel(),
): Promise<FakeNode> {
  const node = fakeNode(kernel);
  await syncOnce(node, cluster, options);
  return node;
}
