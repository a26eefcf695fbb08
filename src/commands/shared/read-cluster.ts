import type { Cluster } from '../../cluster/cluster.js';
import { readClusterFiles } from '../../cluster/files.js';
import type { ClusterKind } from '../../cluster/kinds.js';
import { readClusterWithKubectl } from '../../cluster/kubectl.js';
import type { Kubectl } from '../../cluster/kubectl-command.js';
import type { Io } from './io.js';

export interface ClusterSource {
  /** Files, folders and `-`; kubectl where empty. */
  readonly from: readonly string[];
  readonly kubectl: Kubectl;
  readonly namespace: string | undefined;
}

/** All that a node's state depends on. */
export const nodeKinds: readonly ClusterKind[] = ['Service', 'EndpointSlice', 'Endpoints', 'Node'];
/** Without Nodes there is no zone to prefer, and everything else works. */
export const optionalNodeKinds: readonly ClusterKind[] = ['Node'];

/** Reads what a node's state depends on. Nodes may be forbidden. */
export async function readClusterForNode(source: ClusterSource, io: Io): Promise<Cluster> {
  const { from, kubectl, namespace } = source;
  if (from.length > 0) return readClusterFrom(source, io);
  return readClusterWithKubectl(kubectl, {
    kinds: nodeKinds,
    namespace,
    optional: optionalNodeKinds,
    warn: line => io.stderr(`${line}\n`),
  });
}

/** Reads files; of those in a namespace only the given one's, as the API server would answer. */
export async function readClusterFrom(
  { from, namespace }: Pick<ClusterSource, 'from' | 'namespace'>,
  io: Pick<Io, 'readStdin'>,
): Promise<Cluster> {
  const cluster = await readClusterFiles(from, io.readStdin, { namespace });
  if (namespace === undefined) return cluster;
  const inNamespace = <Item extends { readonly metadata: { readonly namespace: string } }>(items: readonly Item[]) =>
    items.filter(item => item.metadata.namespace === namespace);
  return {
    ...cluster,
    services: inNamespace(cluster.services),
    endpointSlices: inNamespace(cluster.endpointSlices),
    endpoints: inNamespace(cluster.endpoints),
    pods: inNamespace(cluster.pods),
  };
}
