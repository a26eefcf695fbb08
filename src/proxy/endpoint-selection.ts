import type { Endpoint } from './endpoint.js';
import type { ServicePort } from './service-port.js';
import { type Topology, topologyFiltered } from './topology.js';

/** The endpoints that each kind of address of a Service port is balanced to. */
export interface SelectedEndpoints {
  /** For the cluster IP, chosen by internalTrafficPolicy. */
  readonly internal: readonly Endpoint[];
  /** For external IPs, load balancer VIPs and node ports, chosen by externalTrafficPolicy. */
  readonly external: readonly Endpoint[];
  /** Every endpoint on this node, in any state: each may still call the Service that it belongs to. */
  readonly onThisNode: readonly Endpoint[];
}

/** Returns true if the Service port has an address besides its cluster IP. */
export const isExternallyAccessible = (port: ServicePort): boolean =>
  port.nodePort !== 0 || port.loadBalancerIps.length > 0 || port.externalIps.length > 0;

const isReady = (endpoint: Endpoint): boolean => endpoint.ready;
const isLocal = (endpoint: Endpoint): boolean => endpoint.local;
const isLastResort = (endpoint: Endpoint): boolean => endpoint.serving && endpoint.terminating;

/**
 * Terminating endpoints that still serve are used if there are no ready ones (KEP-1669, ProxyTerminatingEndpoints).
 */
function readyOrTerminating(
  endpoints: readonly Endpoint[],
  filter: (ready: readonly Endpoint[]) => readonly Endpoint[],
) {
  const ready = filter(filtered(endpoints, isReady));
  return ready.length > 0 ? ready : filtered(endpoints, isLastResort);
}

/** Returns the list itself if the predicate accepts all, which is the usual case. */
const filtered = (endpoints: readonly Endpoint[], accepts: (endpoint: Endpoint) => boolean): readonly Endpoint[] =>
  endpoints.every(accepts) ? endpoints : endpoints.filter(accepts);

/**
 * Selects endpoints as kube-proxy's ipvs mode does. With policy Local and no local endpoint, the whole cluster's
 * endpoints serve instead, so that a Pod on such a node still reaches the VIP. A Service that cannot be reached from
 * outside has no such fallback, and its packets are refused.
 */
export function selectEndpoints(
  port: ServicePort,
  endpoints: readonly Endpoint[],
  topology: Topology,
): SelectedEndpoints {
  const externallyAccessible = isExternallyAccessible(port);
  const cluster =
    !port.internalTrafficPolicyLocal || externallyAccessible
      ? readyOrTerminating(endpoints, ready => topologyFiltered(ready, topology))
      : [];
  const onThisNode = filtered(endpoints, isLocal);
  const preferLocal = () => {
    const local = readyOrTerminating(onThisNode, ready => ready);
    return local.length > 0 ? local : cluster;
  };
  return {
    internal: port.internalTrafficPolicyLocal ? preferLocal() : cluster,
    external: port.externalTrafficPolicyLocal && externallyAccessible ? preferLocal() : cluster,
    onThisNode,
  };
}
