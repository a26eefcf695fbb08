import { countText } from '../text.js';
import type { EndpointSources } from './endpoint.js';
import type { ServicePort } from './service-port.js';

/** The ports of a Service with as many of their addresses as a node serves, and how many were left out. */
export interface BoundedPorts {
  readonly ports: readonly ServicePort[];
  /** Virtual servers. */
  readonly leftOut: number;
}

/** What decides how many elements a Service port needs. */
export interface PortNeeds {
  /** At each address. */
  readonly endpoints: number;
  /** On this node. */
  readonly hairpins: number;
  /** The node's addresses that node ports are served on. */
  readonly nodePortAddresses: number;
}

/** The virtual server, its address, and the entries of sets that belong to one address and port. */
const elementsPerAddress = 6;

const perAddress = (port: ServicePort, { endpoints }: Pick<PortNeeds, 'endpoints'>): number =>
  elementsPerAddress + endpoints + port.sourceRanges.length;

/**
 * Returns a number of elements that a Service does not exceed, without looking for its endpoints. Nearly every Service
 * is far below the limit, and needs no more.
 */
export function mostElements(
  ports: readonly ServicePort[],
  { slices, endpoints }: EndpointSources,
  nodePortAddresses: number,
): number {
  let all = 0;
  for (const slice of slices) all += slice.endpoints?.length ?? 0;
  for (const { addresses, notReadyAddresses } of endpoints?.subsets ?? [])
    all += (addresses?.length ?? 0) + (notReadyAddresses?.length ?? 0);
  let most = 0;
  for (const port of ports) {
    const addresses = 1 + port.externalIps.length + port.loadBalancerIps.length + nodePortAddresses;
    most += all + addresses * perAddress(port, { endpoints: all });
  }
  return most;
}

/**
 * Returns the ports without the addresses for which there is no room. Cluster IPs of all ports come first, then node
 * ports, load balancer addresses and external IPs, each in the order of the object: nobody needs a million virtual
 * servers, but a Service of 40 kB can ask for them (1,000 ports at 1,000 external IPs).
 */
export function boundedPorts(
  ports: readonly ServicePort[],
  needsOf: (port: ServicePort) => PortNeeds,
  most: number,
): BoundedPorts {
  const needs = ports.map(needsOf);
  const room = { elements: most };
  let leftOut = 0;
  const takes = (count: number): boolean => {
    if (count > room.elements) return false;
    room.elements -= count;
    return true;
  };
  const fitting = (index: number, addresses: readonly string[]): readonly string[] => {
    const cost = perAddress(ports[index] as ServicePort, needs[index] as PortNeeds);
    const kept = addresses.slice(0, Math.floor(room.elements / cost));
    room.elements -= kept.length * cost;
    leftOut += addresses.length - kept.length;
    return kept;
  };
  const isServed = (port: ServicePort, index: number) =>
    takes((needs[index]?.hairpins ?? 0) + perAddress(port, needs[index] as PortNeeds));
  const withClusterIps = ports.map((port, index) => {
    if (port.clusterIp === undefined || isServed(port, index)) return port;
    leftOut += 1;
    return { ...port, clusterIp: undefined };
  });
  const withNodePorts = withClusterIps.map((port, index) => {
    const addresses = needs[index]?.nodePortAddresses ?? 0;
    if (port.nodePort === 0 || takes(addresses * perAddress(port, needs[index] as PortNeeds))) return port;
    leftOut += addresses;
    return { ...port, nodePort: 0 };
  });
  const withBalancers = withNodePorts.map((port, index) => ({
    ...port,
    loadBalancerIps: fitting(index, port.loadBalancerIps),
  }));
  const all = withBalancers.map((port, index) => ({ ...port, externalIps: fitting(index, port.externalIps) }));
  return { ports: all, leftOut };
}

/** Returns the line for the user about a Service that asks for too much. */
export const tooLargeLine = (service: string, leftOut: number, most: number): string =>
  `Service ${service}: asks for more than ${countText(most, 'element')} of this node; ` +
  `${countText(leftOut, 'virtual server')} ${leftOut === 1 ? 'is' : 'are'} left out (--max-service-elements)`;
