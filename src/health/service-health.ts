import { namespacedName } from '../cluster/names.js';
import type { Service } from '../cluster/schema/service.js';
import { type Endpoint, endpointsFrom, type FindEndpoints, type FindSources } from '../proxy/endpoint.js';
import { type ServicePort, servicePorts } from '../proxy/service-port.js';

/** What a Service's health check tells a load balancer about this node. */
export interface ServiceHealth {
  readonly namespace: string;
  readonly name: string;
  readonly localEndpoints: number;
}

/**
 * The health of every Service that has a health check node port, by that port. Counted are, as kube-proxy does, the addresses of ready
 * endpoints on this node: not their ports, and not what is terminating, for the load balancer is to turn away in time. Of a Service with two
 * families the larger count stands, because the same Pods have an address in each. Of two Services with one port the older has it.
 */
export function serviceHealthPorts(
  services: Iterable<Service>,
  sourcesOf: FindSources,
  nodeName: string,
): ReadonlyMap<number, ServiceHealth> {
  const holders = new Map<number, Service>();
  for (const service of services) {
    const port = healthCheckNodePort(service);
    const holder = holders.get(port);
    if (port !== 0 && (holder === undefined || isOlder(service, holder))) holders.set(port, service);
  }
  return new Map([...holders].map(([port, service]) => [port, serviceHealth(service, sourcesOf, nodeName)]));
}

/** 0 where there is none. Most Services have none, so that is seen first. */
const healthCheckNodePort = (service: Service): number =>
  service.spec.healthCheckNodePort ? (servicePorts(service)[0]?.healthCheckNodePort ?? 0) : 0;

const isOlder = ({ metadata: one }: Service, { metadata: other }: Service): boolean => age(one) < age(other);

const age = ({ creationTimestamp, namespace, name }: Service['metadata']): string =>
  `${creationTimestamp ?? ''} ${namespacedName({ namespace, name })}`;

function serviceHealth(service: Service, sourcesOf: FindSources, nodeName: string): ServiceHealth {
  const { namespace, name } = service.metadata;
  const find = endpointsFrom(sourcesOf(namespacedName({ namespace, name })), nodeName);
  const ports = servicePorts(service);
  const counts = (['IPv4', 'IPv6'] as const).map(family =>
    localAddresses(
      ports.filter(port => port.family === family),
      find,
    ),
  );
  return { namespace, name, localEndpoints: Math.max(...counts) };
}

const localAddresses = (ports: readonly ServicePort[], find: FindEndpoints): number =>
  new Set(ports.flatMap(port => find(port).filter(isReadyHere)).map(({ address }) => address)).size;

const isReadyHere = ({ local, ready }: Endpoint): boolean => local && ready;
