import type { Cluster } from '../../cluster/cluster.js';
import type { NodeAccess } from '../../node/access.js';
import type { ProxyOptions } from '../../proxy/options.js';
import { coverageOfCluster } from '../../sync/coverage.js';
import { requireNodeNetworks } from '../../sync/node-networks.js';
import { type BasisOptions, type ExplainBasis, readBasis } from './explain-basis.js';
import { reportUnknownNode } from './find-unknown-node.js';
import type { Io } from './io.js';
import { type ClusterSource, readClusterForNode } from './read-cluster.js';
import { reportCluster, reportObjects } from './report-cluster.js';
import { reportRemarks } from './report-node.js';

export interface ReadToExplainOptions extends BasisOptions {
  readonly source: ClusterSource;
}

/** What is explained. */
interface ReadToExplain {
  readonly cluster: Cluster;
  readonly basis: ExplainBasis;
  /** The options, with what follows from this node's Node. */
  readonly proxy: ProxyOptions;
}

/** Reads the cluster and the node, and reports on stderr what the user should know of both. */
export async function readToExplain(given: ReadToExplainOptions, node: NodeAccess, io: Io): Promise<ReadToExplain> {
  const { nodeName } = given.proxy;
  const cluster = await readClusterForNode(given.source, nodeName, io);
  reportObjects(cluster, io);
  const options = { ...given, proxy: requireNodeNetworks(given.proxy, cluster) };
  await reportUnknownNode(nodeName, cluster, given.source, io);
  const basis = await readBasis(cluster, options, node);
  reportRemarks(basis.remarks, io);
  reportCluster(coverageOfCluster(cluster, options), basis.reconciliation.desired, io);
  return { cluster, basis, proxy: options.proxy };
}
