import type { Cluster } from '../../cluster/cluster.js';
import { readClusterWithKubectl } from '../../cluster/kubectl.js';
import { namespacedName, type ObjectName } from '../../cluster/names.js';
import type { Asked } from '../../explain/ask/asked.js';
import type { ClusterSource } from './read-cluster.js';

/**
 * Returns the cluster with the Service that the user asks about, if there is one. Only Services that nodes serve are
 * read from a cluster, so any other one is read here, with those of the same name in other namespaces: the user may
 * mean one of them. Files are read completely.
 * @param namespace that of the Service
 */
export async function withAskedService(
  cluster: Cluster,
  asked: Asked,
  namespace: string,
  { from, kubectl, namespace: only }: ClusterSource,
): Promise<Cluster> {
  if (asked.kind !== 'service' || from.length > 0) return cluster;
  const name = namespacedName({ namespace, name: asked.name });
  const names = [
    ...cluster.services.map(({ metadata }) => metadata),
    ...cluster.invalid.filter(({ kind }) => kind === 'Service'),
  ];
  const known = new Set(names.map((each: ObjectName) => namespacedName(each)));
  if (known.has(name)) return cluster;
  const selections = { Service: { fieldSelector: `metadata.name=${asked.name}` } };
  const { services, invalid } = await readClusterWithKubectl(kubectl, {
    kinds: ['Service'],
    selections,
    namespace: only,
  });
  const others = services.filter(({ metadata }) => !known.has(namespacedName(metadata)));
  return { ...cluster, services: [...cluster.services, ...others], invalid: [...cluster.invalid, ...invalid] };
}
