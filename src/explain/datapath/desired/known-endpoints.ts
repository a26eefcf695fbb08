import type { Cluster } from '../../../cluster/cluster.js';
import { type Family, familyOf } from '../../../net/address.js';

/** An address behind Services, and the node that it is on, as far as the cluster says. */
export interface PlacedEndpoint {
  readonly address: string;
  readonly nodeName: string | undefined;
}

/** Returns all endpoints of a cluster, ready or not, in the order in which they were read. */
export function placedEndpoints(
  { endpointSlices, endpoints }: Pick<Cluster, 'endpointSlices' | 'endpoints'>,
  family: Family,
): readonly PlacedEndpoint[] {
  const inSlices = endpointSlices
    .filter(({ addressType }) => addressType === family)
    .flatMap(slice => slice.endpoints ?? [])
    .flatMap(({ addresses, nodeName }) => addresses.map(address => ({ address, nodeName: nodeName ?? undefined })));
  const inObjects = endpoints
    .flatMap(({ subsets }) => subsets ?? [])
    .flatMap(({ addresses, notReadyAddresses }) => [...(addresses ?? []), ...(notReadyAddresses ?? [])])
    .map(({ ip, nodeName }) => ({ address: ip, nodeName: nodeName ?? undefined }))
    .filter(({ address }) => familyOf(address) === family);
  return [...inSlices, ...inObjects];
}
