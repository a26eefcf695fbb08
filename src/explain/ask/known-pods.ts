import type { Cluster } from '../../cluster/cluster.js';
import type { Pod } from '../../cluster/schema/pod.js';
import { canonicalAddress } from '../../net/address.js';

/** A Pod with an address of its own, as far as the cluster's objects name it. */
export interface KnownPod {
  readonly address: string;
  /** Undefined if no object says on which node it is. */
  readonly nodeName: string | undefined;
}

const ended: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** Returns the addresses of a Pod that runs, in the order in which the cluster has them. */
export function addressesOfPod({ status }: Pod): readonly string[] {
  if (status == null || ended.has(status.phase ?? '')) return [];
  const listed = (status.podIPs ?? []).map(({ ip }) => ip);
  return listed.length > 0 ? listed : status.podIP ? [status.podIP] : [];
}

/** Returns all addresses of Nodes. Pods of the host network have them too. */
export const addressesOfNodes = ({ nodes }: Pick<Cluster, 'nodes'>): ReadonlySet<string> =>
  new Set(
    nodes.flatMap(({ status }) => (status?.addresses ?? []).flatMap(({ address }) => canonicalAddress(address) ?? [])),
  );

/** Returns the Pods that objects name, each address once: Pods first, then endpoints. */
export function knownPods(cluster: Cluster): readonly KnownPod[] {
  const found = new Map<string, KnownPod>();
  const hosts = addressesOfNodes(cluster);
  for (const pod of [...fromPods(cluster), ...fromSlices(cluster), ...fromEndpoints(cluster)]) {
    if (hosts.has(pod.address)) continue;
    const known = found.get(pod.address);
    if (known === undefined || known.nodeName === undefined) found.set(pod.address, pod);
  }
  return [...found.values()];
}

const fromPods = ({ pods }: Cluster): readonly KnownPod[] =>
  pods
    .filter(({ spec }) => spec.hostNetwork !== true)
    .flatMap(pod => addressesOfPod(pod).map(address => ({ address, nodeName: pod.spec.nodeName ?? undefined })));

/** Only the first address of an endpoint counts, as in kube-proxy. */
const fromSlices = ({ endpointSlices }: Cluster): readonly KnownPod[] =>
  endpointSlices
    .filter(({ addressType }) => addressType !== 'FQDN')
    .flatMap(({ endpoints }) =>
      (endpoints ?? []).map(({ addresses, nodeName }) => ({
        address: addresses[0] as string,
        nodeName: nodeName ?? undefined,
      })),
    );

const fromEndpoints = ({ endpoints }: Cluster): readonly KnownPod[] =>
  endpoints
    .flatMap(({ subsets }) => subsets ?? [])
    .flatMap(({ addresses, notReadyAddresses }) => [...(addresses ?? []), ...(notReadyAddresses ?? [])])
    .map(({ ip, nodeName }) => ({ address: ip, nodeName: nodeName ?? undefined }));
