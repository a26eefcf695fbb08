import { canonicalAddress, withoutLeadingZeros } from '../net/address.js';
import { isProtocol, type Protocol, protocols } from '../net/protocol.js';
import { trimSpace } from '../net/trim-space.js';
import { isMapping, type Mapping, textOf } from './objects.js';

/** A port of one protocol, as the key of a set: `TCP 80`. */
export type PortText = string;

/**
 * What a Service that cannot be served still says of itself: the elements of a node that it may have asked for before.
 * Addresses are canonical.
 */
export interface ServiceTraces {
  readonly clusterIps: ReadonlySet<string>;
  /** Those of the cluster IPs that are the Service's now: none of an ExternalName Service. */
  readonly heldClusterIps: ReadonlySet<string>;
  /** Those of the load balancer addresses that are the Service's now: none if its type is known not to have any. */
  readonly heldLoadBalancerIps: ReadonlySet<string>;
  readonly externalIps: ReadonlySet<string>;
  readonly loadBalancerIps: ReadonlySet<string>;
  /** Undefined if one of the ports cannot be read: then any port may be the Service's. */
  readonly ports: ReadonlySet<PortText> | undefined;
  /** The ports that can be read. */
  readonly readablePorts: ReadonlySet<PortText>;
  readonly nodePorts: ReadonlySet<PortText>;
  readonly healthCheckNodePort: number | undefined;
  /** An address or a node port is there, or should be, and cannot be read. */
  readonly isIncomplete: boolean;
}

/**
 * Reads what is readable in an object that is not valid as a Service, each part by itself.
 * @param object the object in any form
 */
export function serviceTraces(object: Mapping): ServiceTraces {
  const spec = mappingAt(object.spec);
  const ports = listOf(spec.ports).map(portOf);
  const clusterIps = readAddresses([spec.clusterIP, ...listOf(spec.clusterIPs)].filter(isGiven));
  const [loadBalancerIps, readablePorts] = [readAddresses(ingressOf(object)).read, namesOf(ports, 'names')];
  const isServed = spec.clusterIP !== 'None' && spec.type !== 'ExternalName';
  return {
    clusterIps: clusterIps.read,
    heldClusterIps: spec.type === 'ExternalName' ? none : clusterIps.read,
    heldLoadBalancerIps: typesWithoutBalancer.has(spec.type) ? none : loadBalancerIps,
    externalIps: readAddresses(listOf(spec.externalIPs)).read,
    loadBalancerIps,
    ports: ports.length > 0 && ports.every(port => port.names.length > 0) ? readablePorts : undefined,
    readablePorts,
    nodePorts: namesOf(ports, 'nodeNames'),
    healthCheckNodePort: portNumber(spec.healthCheckNodePort),
    isIncomplete:
      (isServed && (clusterIps.hasUnreadable || clusterIps.read.size === 0)) || ports.some(port => port.isIncomplete),
  };
}

const none: ReadonlySet<string> = new Set();
/** A Service without a type is of type ClusterIP. */
const typesWithoutBalancer: ReadonlySet<unknown> = new Set([undefined, 'ClusterIP', 'NodePort', 'ExternalName']);

const mappingAt = (value: unknown): Mapping => (isMapping(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isGiven = (value: unknown): boolean => value != null && value !== '' && value !== 'None';

const ingressOf = ({ status }: Mapping): readonly unknown[] =>
  listOf(mappingAt(mappingAt(status).loadBalancer).ingress).map(item => mappingAt(item).ip);

function readAddresses(values: readonly unknown[]): {
  readonly read: ReadonlySet<string>;
  readonly hasUnreadable: boolean;
} {
  const addresses = values.map(value => canonicalAddress(withoutLeadingZeros(trimSpace(textOf(value)))));
  const read = addresses.filter(address => address !== undefined);
  return { read: new Set(read), hasUnreadable: read.length < addresses.length };
}

interface TracedPort {
  /** Nothing if the port or its protocol cannot be read. */
  readonly names: readonly PortText[];
  readonly nodeNames: readonly PortText[];
  readonly isIncomplete: boolean;
}

function portOf(value: unknown): TracedPort {
  const { port, nodePort, protocol = 'TCP' } = mappingAt(value);
  const known = typeof protocol === 'string' && isProtocol(protocol) ? protocol : undefined;
  const [number, nodeNumber] = [portNumber(port), portNumber(nodePort)];
  return {
    names: number === undefined || known === undefined ? [] : [portText(known, number)],
    nodeNames:
      nodeNumber === undefined ? [] : (known === undefined ? protocols : [known]).map(one => portText(one, nodeNumber)),
    isIncomplete: nodeNumber === undefined && nodePort != null && nodePort !== 0,
  };
}

/** Returns `TCP 80`. */
export const portText = (protocol: Protocol, port: number): PortText => `${protocol} ${port}`;

const namesOf = (ports: readonly TracedPort[], field: 'names' | 'nodeNames'): ReadonlySet<PortText> =>
  new Set(ports.flatMap(port => port[field]));

/** Reads a port also if it is in quotes. */
function portNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return Number.isInteger(number) && Number(number) > 0 && Number(number) <= 65535 ? Number(number) : undefined;
}
