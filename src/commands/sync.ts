import { hostname } from 'node:os';
import type { Cluster } from '../cluster/cluster.js';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { type ActualState, actualState } from '../node/actual-state.js';
import { subjectOf } from '../node/change.js';
import { type NodeFacts, unknownFacts } from '../node/facts.js';
import type { IptablesBackend } from '../node/iptables-backend.js';
import { keyOf } from '../node/kinds/index.js';
import { readFacts, readNode } from '../node/read.js';
import { syncSummary } from '../output/sync-summary.js';
import { flowsOfChanges } from '../plan/flows-of-changes.js';
import type { Plan } from '../plan/plan.js';
import { setUsers } from '../proxy/desired.js';
import { needsTimeouts } from '../proxy/ipvs-timeouts.js';
import type { ProxyOptions } from '../proxy/options.js';
import { familiesOf, ledgerOf } from '../proxy/service-claims.js';
import { compareWithTutorial, type TutorialComparison } from '../proxy/tutorial.js';
import { batchScript } from '../script/batch-script.js';
import { stepsScript } from '../script/steps-script.js';
import { nodeOf } from '../snapshot/node-of.js';
import { coverageOfCluster } from '../sync/coverage.js';
import { requireNodeNetworks } from '../sync/node-networks.js';
import { type Reconciliation, reconcile } from '../sync/reconcile.js';
import { reconcileFromNothing } from '../sync/reconcile-from-nothing.js';
import { findStaleFlows, removeStaleFlows } from '../sync/remove-stale-flows.js';
import { withUnreadClusterIps } from '../sync/unread-cluster-ips.js';
import { applyAccepted } from './shared/apply-accepted.js';
import { findUnknownNode, reportUnknownNode } from './shared/find-unknown-node.js';
import type { Io } from './shared/io.js';
import { type CommandOutcome, outcomeFor } from './shared/outcome.js';
import { type ReadAndReconciled, type ReadOptions, readAndReconcile } from './shared/read-and-reconcile.js';
import { readClusterForNode } from './shared/read-cluster.js';
import { reportCluster, reportFurtherProblems, reportObjects } from './shared/report-cluster.js';
import { reportForeign } from './shared/report-foreign.js';
import { reportRemarks } from './shared/report-node.js';

/** A snapshot is for --dry-run only. */
export interface SyncOptions extends ReadOptions {
  readonly dryRun: boolean;
  readonly script: 'steps' | 'batch';
  readonly full: boolean;
  /** Marks in the script what the tutorial profile does not have. */
  readonly besideTutorial: boolean;
  readonly sudo: boolean;
}

/** Brings the node to what the cluster's Services need, or prints the script that would. */
export async function runSync(options: SyncOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  if (options.dryRun) return printScript(options, node, io);
  const first = await readAndReconcile(options, node, io);
  const { cluster, actual, reconciliation } = first;
  const unknown = await findUnknownNode(options.proxy.nodeName, cluster, options.source);
  if (unknown !== undefined) throw unknown;
  reportForeign(actual.state, reconciliation, io);
  const last = reconciliation.plan.length > 0 ? await applyAccepted(options, first, node) : first;
  const plan = made(first, last);
  const leaving = flowsOfChanges(actual.state, plan);
  const changed = { plan, leaving, after: last.reconciliation.desired.state };
  const flows = await removeStaleFlows(node, changed, reconciliation.isOwn);
  reportRemarks(flows.remarks, io);
  reportFurtherProblems(reconciliation.desired, last.reconciliation.desired, io);
  const outcome = outcomeFor(cluster, last.reconciliation.desired);
  io.stdout(syncSummary(options.proxy.nodeName, [...plan, ...flows.changes], outcome === 'done'));
  return outcome;
}

/** Returns the changes from the node as it was first read to what it has now. */
function made(first: ReadAndReconciled, last: ReadAndReconciled): Plan {
  if (last === first) return first.reconciliation.plan;
  const { ledger, coverage, proxy, facts, refusals } = last;
  return reconcile({ ledger, actual: first.actual, coverage, options: proxy, facts, refusals }).plan;
}

async function printScript(given: SyncOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const cluster = await readClusterForNode(given.source, given.proxy.nodeName, io);
  reportObjects(cluster, io);
  const options = { ...given, proxy: requireNodeNetworks(given.proxy, cluster) };
  await reportUnknownNode(options.proxy.nodeName, cluster, options.source, io);
  const basis = options.full
    ? await nothing('nothing (--full)', options.proxy, node)
    : await presentState(cluster, options, node);
  reportRemarks(basis.remarks, io);
  const reconciliation = reconcileScript(cluster, basis, options);
  reportCluster(coverageOfCluster(cluster, options), reconciliation.desired, io);
  const plan = [...reconciliation.plan, ...(await flowsOfScript(basis, reconciliation, node))];
  const { nodeName } = options.proxy;
  const script = { nodeName, sudo: options.sudo, startsFrom: basis.name, iptables: basis.iptables };
  io.stdout(
    options.script === 'batch'
      ? batchScript(plan, script)
      : stepsScript(plan, {
          ...script,
          reasons: reconciliation.desired.reasons,
          servicePortsOf: setUsers(reconciliation.desired),
          tutorial: options.besideTutorial ? tutorialOf(cluster, basis, options) : undefined,
        }),
  );
  return outcomeFor(cluster, reconciliation.desired);
}

/**
 * Returns the removals of the flows that are stale already, if this node is what the script starts from, and of those
 * that the plan makes stale.
 */
async function flowsOfScript(
  { actual, isSnapshot }: Basis,
  { plan, desired, isOwn }: Reconciliation,
  node: NodeAccess,
): Promise<Plan> {
  if (actual === undefined) return [];
  const changes = flowsOfChanges(actual.state, plan);
  if (isSnapshot) return changes;
  // A script does without them. Sync says why conntrack cannot be read.
  const present = await findStaleFlows(node, { plan, after: desired.state }, isOwn).catch(() => []);
  return [...new Map([...changes, ...present].map(change => [keyOf(subjectOf(change)), change])).values()];
}

/** What a script starts from. */
interface Basis {
  /** For the script's head: `its present state`. */
  readonly name: string;
  /** True if the script is for a node that can be another one. */
  readonly isSnapshot?: boolean;
  /** Undefined for a node with nothing on it. */
  readonly actual: ActualState | undefined;
  readonly facts: NodeFacts;
  readonly iptables: IptablesBackend;
  readonly remarks: readonly string[];
}

async function presentState(cluster: Cluster, { snapshot, proxy }: SyncOptions, node: NodeAccess): Promise<Basis> {
  if (snapshot !== undefined)
    return { ...nodeOf(snapshot), name: `its snapshot of ${snapshot.takenAt}`, isSnapshot: true };
  try {
    const needed = Promise.resolve(familiesOf(cluster.services));
    const { findings, facts, iptables, remarks } = await readNode(node, needed, {
      timeouts: needsTimeouts(proxy),
    });
    return { name: 'its present state', actual: actualState(findings), facts, iptables, remarks };
  } catch (error) {
    // In a table that iptables cannot show, every run of a script would add the jumps once more.
    if (!(error instanceof KproxyError) || error.code === 'table-unreadable') throw error;
    return nothing(`nothing, because the node's state cannot be read (${error.message})`, proxy, node);
  }
}

async function nothing(name: string, { nodeName }: ProxyOptions, node: NodeAccess): Promise<Basis> {
  // Node ports are served on the node's own addresses, which every user may read. Another operating system has no ip.
  const read = await readFacts(node).catch(() => unknownFacts);
  // The processors of a laptop must not decide how many connections a node tracks.
  const facts = nodeName === hostname().toLowerCase() ? read : { ...read, limits: unknownFacts.limits };
  return { name, actual: undefined, facts, iptables: node.chosenBackend ?? 'default', remarks: [] };
}

function reconcileScript(cluster: Cluster, { actual, facts: read }: Basis, options: SyncOptions): Reconciliation {
  const { proxy, namespace } = options;
  if (actual === undefined) return reconcileFromNothing(cluster, proxy, read);
  const facts = withUnreadClusterIps(read, actual.state, { namespace, services: cluster.services });
  const coverage = coverageOfCluster(cluster, options);
  return reconcile({ ledger: ledgerOf(cluster, proxy, facts), actual, coverage, options: proxy, facts });
}

const tutorialOf = (cluster: Cluster, { facts }: Basis, { proxy }: SyncOptions): TutorialComparison =>
  compareWithTutorial(reconcileFromNothing(cluster, { ...proxy, profile: 'tutorial' }, facts).desired.state);
