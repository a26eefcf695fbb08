import type { Cluster } from '../../cluster/cluster.js';
import { readClusterFiles } from '../../cluster/files.js';
import type { ClusterKind } from '../../cluster/kinds.js';
import { type Kubectl, readClusterWithKubectl } from '../../cluster/kubectl.js';
import type { Io } from './io.js';

export interface ClusterSource {
  /** Files, folders and `-`; kubectl where empty. */
  readonly from: readonly string[];
  readonly kubectl: Kubectl;
  readonly namespace: string | undefined;
}

const kinds: readonly ClusterKind[] = ['Service', 'EndpointSlice', 'Endpoints', 'Node'];

/** All that a node's state depends on. Nodes may be forbidden: without them there is no zone to prefer. */
export async function readClusterForNode(source: ClusterSource, io: Io): Promise<Cluster> {
  const { from, kubectl, namespace } = source;
  if (from.length === 0)
    return readClusterWithKubectl(kubectl, {
      kinds,
      namespace,
      optional: ['Node'],
      warn: line => io.stderr(`${line}\n`),
    });
  const cluster = await readClusterFiles(from, io.readStdin, { namespace });
  if (namespace === undefined) return cluster;
  const inNamespace = <Item extends { readonly metadata: { readonly namespace: string } }>(items: readonly Item[]) =>
    items.filter(item => item.metadata.namespace === namespace);
  return {
    ...cluster,
    services: inNamespace(cluster.services),
    endpointSlices: inNamespace(cluster.endpointSlices),
    endpoints: inNamespace(cluster.endpoints),
  };
}
