import type { Endpoint } from './endpoint.js';
import type { ServicePort } from './service-port.js';
import { type Topology, topologyFiltered } from './topology.js';

/** Which endpoints each kind of address of a Service port is balanced to. */
export interface SelectedEndpoints {
  /** For the cluster IP: internalTrafficPolicy decides. */
  readonly internal: readonly Endpoint[];
  /** For external IPs, load balancer VIPs and node ports: externalTrafficPolicy decides. */
  readonly external: readonly Endpoint[];
  /** Every endpoint on this node in whatever state: each may still call the Service that it stands behind. */
  readonly onThisNode: readonly Endpoint[];
}

const isExternallyAccessible = (port: ServicePort): boolean =>
  port.nodePort !== 0 || port.loadBalancerIps.length > 0 || port.externalIps.length > 0;

const isReady = (endpoint: Endpoint): boolean => endpoint.ready;
const isLocal = (endpoint: Endpoint): boolean => endpoint.local;
const isLastResort = (endpoint: Endpoint): boolean => endpoint.serving && endpoint.terminating;

/** Endpoints that are going serve on as long as there are no others: better a last answer than none. */
function readyOrTerminating(
  endpoints: readonly Endpoint[],
  filter: (ready: readonly Endpoint[]) => readonly Endpoint[],
) {
  const ready = filter(those(endpoints, isReady));
  return ready.length > 0 ? ready : those(endpoints, isLastResort);
}

/** Mostly it is all of them, and no list need be made. */
const those = (endpoints: readonly Endpoint[], are: (endpoint: Endpoint) => boolean): readonly Endpoint[] =>
  endpoints.every(are) ? endpoints : endpoints.filter(are);

/**
 * Chooses as kube-proxy does. With policy Local and nothing local, the whole cluster's endpoints serve instead, so that a Pod on a node
 * without a local endpoint still reaches the VIP; a Service that nobody outside can reach has no such list and is refused.
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
  const onThisNode = those(endpoints, isLocal);
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
