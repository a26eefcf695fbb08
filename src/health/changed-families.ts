import type { Endpoints } from '../cluster/schema/endpoints.js';
import type { Service } from '../cluster/schema/service.js';
import type { ObjectChange } from '../cluster/store.js';
import { type Family, families, familyOf } from '../net/address.js';
import { familiesOf } from '../proxy/service-claims.js';

/**
 * Returns the families that a change of the cluster concerns: those for which kube-proxy, which has a proxier for each
 * family, would run a sync. A Service concerns the families of its cluster IPs, an EndpointSlice its own family, and
 * this node's Node both. An Endpoints object counts as the EndpointSlices that mirror it: one for each family.
 */
export function concernedFamilies(change: ObjectChange): ReadonlySet<Family> {
  switch (change.kind) {
    case 'Service':
      return familiesOf(versions<Service>(change));
    case 'EndpointSlice':
      return new Set(families.filter(family => (change.after ?? change.before)?.addressType === family));
    case 'Endpoints':
      return new Set(versions<Endpoints>(change).flatMap(addressFamilies));
    case 'Node':
      return new Set(families);
    case 'Pod':
      return new Set();
  }
}

/** Returns an object as it was and as it is. */
const versions = <Kept>({ before, after }: { readonly before: Kept | undefined; readonly after: Kept | undefined }) =>
  [before, after].filter(version => version !== undefined);

const addressFamilies = ({ subsets }: Endpoints): readonly Family[] =>
  (subsets ?? []).flatMap(({ addresses, notReadyAddresses }) =>
    [...(addresses ?? []), ...(notReadyAddresses ?? [])].map(({ ip }) => familyOf(ip)),
  );
