import { namespacedName } from '../cluster/names.js';
import type { Service } from '../cluster/schema/service.js';
import { families } from '../net/address.js';
import { type Endpoint, endpointsFrom, type FindEndpoints, type FindSources } from '../proxy/endpoint.js';
import { type ServicePort, servicePorts } from '../proxy/service-port.js';

/** What a Service's health check reports to a load balancer about this node. */
export interface ServiceHealth {
  readonly namespace: string;
  readonly name: string;
  readonly localEndpoints: number;
}

/**
 * Returns the health of every Service that has a health check node port, by that port. As in kube-proxy, the count is
 * that of the ready addresses on this node, whatever their ports. Terminating endpoints do not count, so that load
 * balancers stop sending in time. A dual-stack Service has the larger count of its two families, because each Pod has
 * an address in both. If two Services have the same port, the older one owns it.
 */
export function serviceHealthPorts(
  services: Iterable<Service>,
  sourcesOf: FindSources,
  nodeName: string,
): ReadonlyMap<number, ServiceHealth> {
  const owners = new Map<number, Service>();
  for (const service of services) {
    const port = healthCheckNodePort(service);
    const owner = owners.get(port);
    if (port !== 0 && (owner === undefined || isOlder(service, owner))) owners.set(port, service);
  }
  return new Map([...owners].map(([port, service]) => [port, serviceHealth(service, sourcesOf, nodeName)]));
}

/** Returns 0 if there is no such port. Most Services have none, so the cheap check comes first. */
const healthCheckNodePort = (service: Service): number =>
  service.spec.healthCheckNodePort ? (servicePorts(service)[0]?.healthCheckNodePort ?? 0) : 0;

const isOlder = ({ metadata: one }: Service, { metadata: other }: Service): boolean => age(one) < age(other);

const age = ({ creationTimestamp, namespace, name }: Service['metadata']): string =>
  `${creationTimestamp ?? ''} ${namespacedName({ namespace, name })}`;

function serviceHealth(service: Service, sourcesOf: FindSources, nodeName: string): ServiceHealth {
  const { namespace, name } = service.metadata;
  const find = endpointsFrom(sourcesOf(namespacedName({ namespace, name })), nodeName);
  const ports = servicePorts(service);
  const counts = families.map(family =>
    countLocalAddresses(
      ports.filter(port => port.family === family),
      find,
    ),
  );
  return { namespace, name, localEndpoints: Math.max(...counts) };
}

const countLocalAddresses = (ports: readonly ServicePort[], find: FindEndpoints): number =>
  new Set(ports.flatMap(port => find(port).filter(isReadyHere)).map(({ address }) => address)).size;

const isReadyHere = ({ local, ready }: Endpoint): boolean => local && ready;
