import { setImmediate } from 'node:timers/promises';
import type { Cluster } from '../../cluster/cluster.js';
import type { NodeAccess } from '../../node/access.js';
import { type ActualNode, readNodeWith } from '../../node/read.js';
import { claimsOf } from '../../proxy/cluster-claims.js';
import type { ProxyOptions } from '../../proxy/options.js';
import { nodeOf } from '../../snapshot/node-of.js';
import type { Snapshot } from '../../snapshot/snapshot.js';
import { type Comparison, compare, compareClaims } from '../../sync/compare.js';
import type { ReadScope } from '../../sync/coverage.js';
import type { Io } from './io.js';
import { type ClusterSource, readClusterForNode } from './read-cluster.js';
import { reportCluster, reportInvalid } from './report-cluster.js';

export interface ReadOptions extends ReadScope {
  readonly source: ClusterSource;
  readonly proxy: ProxyOptions;
  /** What to take for the node instead of reading it. */
  readonly snapshot?: Snapshot | undefined;
}

export interface ReadAndCompared {
  readonly cluster: Cluster;
  readonly actual: ActualNode;
  readonly comparison: Comparison;
}

/** Reads cluster and node, compares them, and tells on stderr what cannot be used, or is used in another way than its author may think. */
export async function readAndCompare(options: ReadOptions, node: NodeAccess, io: Io): Promise<ReadAndCompared> {
  const { source, snapshot } = options;
  const compared =
    snapshot === undefined
      ? await compareWithNode(options, node, io)
      : compareWithSnapshot(options, snapshot, await readClusterForNode(source, io), io);
  reportCluster(compared.cluster, compared.comparison, io);
  return compared;
}

/** Side by side: the first tools are at work while the cluster is parsed, and what it asks for is added up before the larger part of the node is parsed. */
async function compareWithNode(options: ReadOptions, node: NodeAccess, io: Io): Promise<ReadAndCompared> {
  const { source, proxy } = options;
  const reading = setImmediate().then(() => readClusterForNode(source, io));
  const asked = readNodeWith(node, async facts => claimsOf(await reading, proxy, facts));
  const [cluster, { actual, wanted }] = await Promise.all([reading, asked]);
  reportInvalid(cluster, io);
  return { cluster, actual, comparison: compareClaims(wanted, cluster, actual, proxy, options) };
}

function compareWithSnapshot(options: ReadOptions, snapshot: Snapshot, cluster: Cluster, io: Io): ReadAndCompared {
  reportInvalid(cluster, io);
  const actual = nodeOf(snapshot);
  return { cluster, actual, comparison: compare(cluster, actual, options.proxy, options) };
}
