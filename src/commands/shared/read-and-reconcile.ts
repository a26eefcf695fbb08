import { setImmediate } from 'node:timers/promises';
import type { Cluster } from '../../cluster/cluster.js';
import type { Family } from '../../net/address.js';
import type { NodeAccess } from '../../node/access.js';
import type { ActualState } from '../../node/actual-state.js';
import type { NodeFacts } from '../../node/facts.js';
import type { IptablesBackend } from '../../node/iptables-backend.js';
import { readNode, startReading } from '../../node/read.js';
import { noRefusals, type Refusals } from '../../node/refusal.js';
import { needsTimeouts } from '../../proxy/ipvs-timeouts.js';
import type { Ledger } from '../../proxy/ledger.js';
import type { ProxyOptions } from '../../proxy/options.js';
import { familiesOf, ledgerOf } from '../../proxy/service-claims.js';
import { type NodeAsRead, nodeOf } from '../../snapshot/node-of.js';
import type { Snapshot } from '../../snapshot/snapshot.js';
import type { Acceptance } from '../../sync/acceptance.js';
import { type Coverage, coverageOfCluster, type ReadScope } from '../../sync/coverage.js';
import { DeltaTracker } from '../../sync/delta-tracker.js';
import { hasOthers, withOthers } from '../../sync/facts-of-others.js';
import { requireNodeNetworks } from '../../sync/node-networks.js';
import { type Reconciliation, reconcile } from '../../sync/reconcile.js';
import type { Io } from './io.js';
import { type ClusterSource, readClusterForNode } from './read-cluster.js';
import { reportCluster, reportObjects } from './report-cluster.js';
import { reportRemarks } from './report-node.js';

export interface ReadOptions extends ReadScope {
  readonly source: ClusterSource;
  readonly proxy: ProxyOptions;
  /** Used instead of reading the node. */
  readonly snapshot?: Snapshot | undefined;
}

export interface ReadAndReconciled {
  /** The options, with what follows from this node's Node. */
  readonly proxy: ProxyOptions;
  readonly cluster: Cluster;
  readonly coverage: Coverage;
  readonly ledger: Ledger;
  readonly actual: ActualState;
  readonly facts: NodeFacts;
  readonly iptables: IptablesBackend;
  readonly refusals: Refusals;
  readonly reconciliation: Reconciliation;
}

/**
 * Reads the cluster and the node, and reconciles them. Reports invalid objects on stderr, and Services that are served
 * in another way than their author may expect.
 */
export async function readAndReconcile(options: ReadOptions, node: NodeAccess, io: Io): Promise<ReadAndReconciled> {
  const { snapshot } = options;
  const result = await (snapshot === undefined
    ? reconcileNode(options, node, io)
    : reconcileSnapshot(options, snapshot, io));
  reportCluster(result.coverage, result.reconciliation.desired, io);
  return result;
}

/**
 * Reads both side by side: the first tools run while the cluster is parsed, and the claims are computed while they run.
 */
async function reconcileNode(options: ReadOptions, node: NodeAccess, io: Io): Promise<ReadAndReconciled> {
  const { source, proxy: given } = options;
  const cluster = setImmediate().then(() => readClusterForNode(source, given.nodeName, io));
  const reading = startReading(node, needed(cluster), { timeouts: needsTimeouts(given) });
  const [known, facts] = await Promise.all([cluster, reading.facts]);
  reportObjects(known, io);
  const proxy = requireNodeNetworks(given, known);
  const ledger = ledgerOf(known, proxy, facts);
  const { findings, iptables, remarks } = await reading.whole;
  reportRemarks(remarks, io);
  const tracker = new DeltaTracker(ledger);
  tracker.replaceActual(findings);
  return reconciled({ ...options, proxy }, known, ledger, { actual: tracker.whole(), facts, iptables, remarks });
}

/** Reads the node again, and reconciles it with the cluster as it was read, without what the node does not accept. */
export async function reconcileAgain(
  readOptions: ReadOptions,
  { cluster, proxy }: Pick<ReadAndReconciled, 'cluster' | 'proxy'>,
  node: NodeAccess,
  acceptance: Acceptance,
): Promise<ReadAndReconciled> {
  const needed = Promise.resolve(familiesOf(cluster.services));
  const { findings, facts: read, iptables, remarks } = await readNode(node, needed, { timeouts: needsTimeouts(proxy) });
  const options = { ...readOptions, proxy };
  const { refusals } = acceptance;
  const facts = acceptance.factsWith(read);
  const ledger = ledgerOf(cluster, proxy, facts, refusals);
  const tracker = new DeltaTracker(ledger);
  tracker.replaceActual(findings);
  return reconciled(options, cluster, ledger, { actual: tracker.whole(), facts, iptables, remarks }, refusals);
}

/** A cluster that cannot be read needs nothing. Its error is reported where the cluster itself is awaited. */
const needed = (cluster: Promise<Cluster>): Promise<ReadonlySet<Family>> =>
  cluster.then(
    ({ services }) => familiesOf(services),
    () => new Set(),
  );

async function reconcileSnapshot(options: ReadOptions, snapshot: Snapshot, io: Io): Promise<ReadAndReconciled> {
  const cluster = await readClusterForNode(options.source, options.proxy.nodeName, io);
  reportObjects(cluster, io);
  const node = nodeOf(snapshot);
  reportRemarks(node.remarks, io);
  const proxy = requireNodeNetworks(options.proxy, cluster);
  return reconciled({ ...options, proxy }, cluster, ledgerOf(cluster, proxy, node.facts), node);
}

/**
 * Reconciles a node as it was read with a cluster. Leaves the virtual servers of other software alone.
 * @param asClaimed what the Services claim if there is no other software
 */
export function reconciled(
  options: Pick<ReadOptions, 'proxy' | 'namespace' | 'allowEmpty'>,
  cluster: Cluster,
  asClaimed: Ledger,
  { actual, facts: read, iptables }: NodeAsRead,
  refusals: Refusals = noRefusals,
): ReadAndReconciled {
  const coverage = coverageOfCluster(cluster, options);
  const { namespace, proxy } = options;
  const { excludeCidrs } = proxy;
  const known = { ledger: asClaimed, state: actual.state, services: cluster.services, namespace, excludeCidrs };
  const facts = withOthers(read, known);
  // The claims were computed while the node was being read.
  const ledger = hasOthers(facts) ? ledgerOf(cluster, proxy, facts, refusals) : asClaimed;
  const reconciliation = reconcile({ ledger, actual, coverage, options: proxy, facts, refusals });
  return { proxy, cluster, coverage, ledger, actual, facts, iptables, refusals, reconciliation };
}
