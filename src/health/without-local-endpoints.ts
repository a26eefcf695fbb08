import { namespacedName } from '../cluster/names.js';
import type { Service } from '../cluster/schema/service.js';
import { type Family, families } from '../net/address.js';
import { type Endpoint, endpointsFrom, type FindEndpoints, type FindSources } from '../proxy/endpoint.js';
import { isExternallyAccessible } from '../proxy/endpoint-selection.js';
import { type ServicePort, servicePorts } from '../proxy/service-port.js';

/** The traffic policies of a Service, as kube-proxy's metrics name them. */
export const trafficPolicies = ['internal', 'external'] as const;
type TrafficPolicy = (typeof trafficPolicies)[number];

/** Numbers of Services, for each family and policy. */
export type PolicyCounts = Readonly<Record<Family, Readonly<Record<TrafficPolicy, number>>>>;

/**
 * Counts the Services whose traffic policy is Local and that have usable endpoints, but none on this node: their local
 * traffic goes to the endpoints of other nodes. As in kube-proxy's ipvs mode, a Service counts once for each family and
 * policy, however many of its ports this is true for.
 */
export function countWithoutLocalEndpoints(
  services: Iterable<Service>,
  sourcesOf: FindSources,
  nodeName: string,
): PolicyCounts {
  const counts = { IPv4: { internal: 0, external: 0 }, IPv6: { internal: 0, external: 0 } };
  for (const service of services) {
    if (!hasLocalPolicy(service)) continue;
    const find = endpointsFrom(sourcesOf(namespacedName(service.metadata)), nodeName);
    const lacking = servicePorts(service).filter(port => lacksLocalEndpoints(port, find));
    for (const family of families)
      for (const policy of trafficPolicies)
        if (lacking.some(port => port.family === family && isLocal[policy](port))) counts[family][policy] += 1;
  }
  return counts;
}

/** Most Services have no such policy, so the cheap check comes first. */
const hasLocalPolicy = ({ spec }: Service): boolean =>
  spec.internalTrafficPolicy === 'Local' || spec.externalTrafficPolicy === 'Local';

const isLocal: Readonly<Record<TrafficPolicy, (port: ServicePort) => boolean>> = {
  internal: port => port.internalTrafficPolicyLocal,
  external: port => port.externalTrafficPolicyLocal && isExternallyAccessible(port),
};

function lacksLocalEndpoints(port: ServicePort, find: FindEndpoints): boolean {
  const usable = find(port).filter(isUsable);
  return usable.length > 0 && !usable.some(({ local }) => local);
}

const isUsable = ({ ready, serving, terminating }: Endpoint): boolean => ready || (serving && terminating);
