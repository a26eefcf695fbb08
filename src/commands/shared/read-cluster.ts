import type { Cluster } from '../../cluster/cluster.js';
import { readClusterFiles } from '../../cluster/files.js';
import type { ClusterKind } from '../../cluster/kinds.js';
import { readClusterWithKubectl } from '../../cluster/kubectl.js';
import type { Kubectl } from '../../cluster/kubectl-command.js';
import { readNodeAddresses, unknownNodes } from '../../cluster/node-addresses.js';
import { nodeQueries } from '../../cluster/node-queries.js';
import { asksForAddresses } from '../../proxy/service-port.js';
import { endpointsSourceOf } from '../../sync/endpoints-source/endpoints-source.js';
import type { Io } from './io.js';

export interface ClusterSource {
  /** Files, folders and `-`; kubectl where empty. */
  readonly from: readonly string[];
  readonly kubectl: Kubectl;
  readonly namespace: string | undefined;
}

/** All that a node's state depends on. */
export const nodeKinds: readonly ClusterKind[] = ['Service', 'EndpointSlice', 'Endpoints', 'Node'];
/**
 * Without Nodes there is no zone to prefer. Without Endpoints objects, Services that depend on them keep the real
 * servers that they have. Everything else works.
 */
export const optionalNodeKinds: readonly ClusterKind[] = ['Node', 'Endpoints'];

/**
 * Reads what a node's state depends on: of the Nodes only its own, and Endpoints objects only where they are the source
 * of endpoints. Of files it uses everything: the user has chosen it.
 */
export async function readClusterForNode(source: ClusterSource, nodeName: string, io: Io): Promise<Cluster> {
  const { from, kubectl, namespace } = source;
  if (from.length > 0) return readClusterFrom(source, io);
  const warn = (line: string) => io.stderr(`${line}\n`);
  const cluster = await readClusterWithKubectl(kubectl, {
    kinds: nodeKinds,
    selections: nodeQueries(nodeName),
    needsEndpoints: read => endpointsSourceOf(read) !== 'slices',
    namespace,
    optional: optionalNodeKinds,
    warn,
  });
  if (!asksForAddresses(cluster.services)) return cluster;
  const nodeAddresses = await readNodeAddresses(kubectl).catch(error => warn(unknownNodes(error)));
  return { ...cluster, nodeAddresses: nodeAddresses ?? undefined };
}

/**
 * Reads files; of those in a namespace only the given one's, as the API server would answer. Files without any Node say
 * nothing of Nodes.
 */
export async function readClusterFrom(
  { from, namespace }: Pick<ClusterSource, 'from' | 'namespace'>,
  io: Pick<Io, 'readStdin'>,
): Promise<Cluster> {
  const read = await readClusterFiles(from, io.readStdin, { namespace });
  const hasNode = read.nodes.length > 0 || read.invalid.some(({ kind }) => kind === 'Node');
  const cluster: Cluster = hasNode ? read : { ...read, unread: ['Node'] };
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
