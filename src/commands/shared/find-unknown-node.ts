import type { Cluster } from '../../cluster/cluster.js';
import { readNodeNames } from '../../cluster/node-names.js';
import type { KproxyError } from '../../errors.js';
import { isUnknownNode, nodeNamesOf, unknownNode, unknownNodeLine } from '../../sync/node-name.js';
import type { Io } from './io.js';
import type { ClusterSource } from './read-cluster.js';

/**
 * Returns the error for a node name that the cluster does not know. Of a cluster only this node's own Node is read, so
 * the names of others are read here, for the message. A cluster without any Node knows no node by its name.
 */
export async function findUnknownNode(
  name: string,
  cluster: Cluster,
  { from, kubectl }: ClusterSource,
): Promise<KproxyError | undefined> {
  if (!isUnknownNode(name, cluster)) return undefined;
  const known = from.length > 0 ? nodeNamesOf(cluster) : await readNodeNames(kubectl);
  return known?.count === 0 ? undefined : unknownNode(name, known);
}

/** Reports on stderr that the cluster has no Node of this name, for a command that changes nothing. */
export async function reportUnknownNode(
  name: string,
  cluster: Cluster,
  source: ClusterSource,
  io: Pick<Io, 'stderr'>,
): Promise<void> {
  const unknown = await findUnknownNode(name, cluster, source);
  if (unknown !== undefined) io.stderr(`${unknownNodeLine(unknown)}\n`);
}
