import type { Cluster } from '../cluster/cluster.js';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { applyPlan } from '../node/apply.js';
import { unknownNode } from '../node/facts.js';
import { withBackend } from '../node/iptables-backend.js';
import { type ActualNode, readFacts, readNode } from '../node/read.js';
import { syncSummary } from '../output/sync-summary.js';
import { isInChapter } from '../proxy/chapter.js';
import { setUsers } from '../proxy/set-users.js';
import { batchScript } from '../script/batch-script.js';
import { stepsScript } from '../script/steps-script.js';
import { nodeOf } from '../snapshot/node-of.js';
import { type Comparison, compare, compareWithNothing, remaining } from '../sync/compare.js';
import { notOnTheNode, readBack } from '../sync/read-back.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { type ReadOptions, readAndCompare } from './shared/read-and-compare.js';
import { readClusterForNode } from './shared/read-cluster.js';
import { reportCluster, reportInvalid } from './shared/report-cluster.js';
import { reportForeign } from './shared/report-foreign.js';

/** A snapshot is for --dry-run alone. */
export interface SyncOptions extends ReadOptions {
  readonly dryRun: boolean;
  readonly script: 'steps' | 'batch';
  readonly full: boolean;
  readonly sudo: boolean;
}

/** Brings the node to what the cluster's Services ask for, or prints the script that would. */
export async function runSync(options: SyncOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  if (options.dryRun) return printScript(options, node, io);
  const { cluster, actual, comparison } = await readAndCompare(options, node, io);
  reportForeign(actual.state, comparison, io);
  if (comparison.plan.length > 0) await applyAndVerify(comparison, options, withBackend(node, actual.iptables));
  io.stdout(syncSummary(options.proxy.nodeName, comparison.plan));
  return cluster.invalid.length > 0 ? 'invalid-objects' : 'done';
}

/** What was programmed is read back: a tool's exit status does not say that every line of its batch was taken. */
async function applyAndVerify({ desired, plan }: Comparison, { proxy }: SyncOptions, node: NodeAccess): Promise<void> {
  await applyPlan(node, plan);
  const left = remaining(await readBack(node, desired), desired, proxy);
  if (left.length > 0) throw notOnTheNode(left, plan);
}

async function printScript(options: SyncOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const cluster = await readClusterForNode(options.source, io);
  reportInvalid(cluster, io);
  const { comparison, startsFrom, iptables } = await scriptComparison(cluster, options, node);
  reportCluster(cluster, comparison, io);
  const script = { nodeName: options.proxy.nodeName, sudo: options.sudo, startsFrom, iptables };
  io.stdout(
    options.script === 'batch'
      ? batchScript(comparison.plan, script)
      : stepsScript(comparison.plan, {
          ...script,
          isInChapter: options.proxy.profile === 'tutorial' ? undefined : isInChapter,
          servicePortsOf: setUsers(comparison.desired),
        }),
  );
  return cluster.invalid.length > 0 ? 'invalid-objects' : 'done';
}

async function scriptComparison(cluster: Cluster, options: SyncOptions, node: NodeAccess) {
  const actual = options.full ? '--full' : await readOrReason(options, node);
  if (typeof actual !== 'string')
    return {
      comparison: compare(cluster, actual, options.proxy, options),
      startsFrom: options.snapshot ? `its snapshot of ${options.snapshot.takenAt}` : 'its present state',
      iptables: actual.iptables,
    };
  // Node ports stand on the node's own addresses, which anybody may read; another operating system has no ip.
  const facts = await readFacts(node).catch(() => unknownNode);
  const why = options.full ? '' : ", since the node's state cannot be read";
  return {
    comparison: compareWithNothing(cluster, options.proxy, facts),
    startsFrom: `nothing${why} (${actual})`,
    iptables: 'default' as const,
  };
}

async function readOrReason({ snapshot }: SyncOptions, node: NodeAccess): Promise<ActualNode | string> {
  try {
    return snapshot === undefined ? await readNode(node) : nodeOf(snapshot);
  } catch (error) {
    if (error instanceof KproxyError) return error.message;
    throw error;
  }
}
