import type { Cluster } from '../../cluster/cluster.js';
import { isMadeByController } from '../../cluster/made-by-controller.js';
import { namespacedName } from '../../cluster/names.js';
import { hasAddresses, serviceOfSlice } from '../../cluster/schema/endpoint-slice.js';
import type { Endpoints } from '../../cluster/schema/endpoints.js';
import type { Service } from '../../cluster/schema/service.js';
import { isServed } from '../coverage.js';

/** The objects that say where a cluster's endpoints are. */
export type EndpointsSource =
  /** Controllers make EndpointSlices for every Service. Endpoints objects are not needed. */
  | 'slices'
  /** No controller makes EndpointSlices. A Service that has none of its own is served from its Endpoints object. */
  | 'endpoints'
  /** Controllers make EndpointSlices, but some Services still lack theirs and are served from Endpoints objects. */
  | 'both';

/**
 * Decides from all Services and EndpointSlices that were read if Endpoints objects are needed. Controllers make at
 * least one slice for each Service with a selector, even an empty one. If such a Service has none, they have just been
 * started, and it may work by its Endpoints object. A Service without a selector may have no endpoints at all.
 */
export function endpointsSourceOf({
  services,
  endpointSlices,
}: Pick<Cluster, 'services' | 'endpointSlices'>): EndpointsSource {
  if (!endpointSlices.some(isMadeByController)) return 'endpoints';
  const sliced = new Set(endpointSlices.filter(hasAddresses).map(serviceOfSlice));
  return services.some(service => isServed(service) && hasSelector(service) && !sliced.has(nameOf(service)))
    ? 'both'
    : 'slices';
}

const nameOf = ({ metadata }: Service): string => namespacedName(metadata);

/** Returns true if Kubernetes' controllers look for a Service's Pods. */
export const hasSelector = ({ spec }: Service): boolean => Object.keys(spec.selector ?? {}).length > 0;

/** Returns true if a Service can be served from the object. */
export const hasReadyAddress = ({ subsets }: Endpoints): boolean =>
  (subsets ?? []).some(({ addresses }) => (addresses ?? []).length > 0);

const texts: Readonly<Record<EndpointsSource, string>> = {
  slices: 'from EndpointSlices',
  endpoints: 'from Endpoints objects, because no controller makes EndpointSlices here',
  both: 'from EndpointSlices, and from Endpoints objects for Services whose EndpointSlices no controller has made yet',
};

/** Returns the line for the log and the status. */
export const endpointsSourceLine = (source: EndpointsSource): string => `endpoints: ${texts[source]}`;
