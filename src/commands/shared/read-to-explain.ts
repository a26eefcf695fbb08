import type { Cluster } from '../../cluster/cluster.js';
import type { NodeAccess } from '../../node/access.js';
import { coverageOfCluster } from '../../sync/coverage.js';
import { type BasisOptions, type ExplainBasis, readBasis } from './explain-basis.js';
import { reportUnknownNode } from './find-unknown-node.js';
import type { Io } from './io.js';
import { type ClusterSource, readClusterForNode } from './read-cluster.js';
import { reportCluster, reportObjects } from './report-cluster.js';
import { reportRemarks } from './report-node.js';

export interface ReadToExplainOptions extends BasisOptions {
  readonly source: ClusterSource;
}

/** Reads the cluster and the node, and reports on stderr what the user should know of both. */
export async function readToExplain(
  options: ReadToExplainOptions,
  node: NodeAccess,
  io: Io,
): Promise<{ readonly cluster: Cluster; readonly basis: ExplainBasis }> {
  const cluster = await readClusterForNode(options.source, options.proxy.nodeName, io);
  reportObjects(cluster, io);
  await reportUnknownNode(options.proxy.nodeName, cluster, options.source, io);
  const basis = await readBasis(cluster, options, node);
  reportRemarks(basis.remarks, io);
  reportCluster(coverageOfCluster(cluster, options), basis.reconciliation.desired, io);
  return { cluster, basis };
}
