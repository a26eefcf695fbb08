import { namespacedName } from '../cluster/names.js';
import type { Service, ServiceSpecPort } from '../cluster/schema/service.js';
import { type Family, familyOf } from '../net/address.js';
import { canonicalNetwork } from '../net/network.js';
import type { Protocol } from '../net/protocol.js';

/** One port of a Service in one IP family: the unit that has virtual servers. */
export interface ServicePort {
  /** `default/web-service:http`, without the colon if the port has no name. */
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly family: Family;
  readonly clusterIp: string;
  readonly externalIps: readonly string[];
  readonly loadBalancerIps: readonly string[];
  /** Masked networks of the family. Empty means that every source is accepted. */
  readonly sourceRanges: readonly string[];
  /** 0 if there is none. */
  readonly nodePort: number;
  /** 0 if there is none. */
  readonly healthCheckNodePort: number;
  readonly externalTrafficPolicyLocal: boolean;
  readonly internalTrafficPolicyLocal: boolean;
  /** The timeout of session affinity in seconds. Undefined without affinity. */
  readonly affinitySeconds: number | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The API's default for sessionAffinityConfig.clientIP.timeoutSeconds: three hours. */
const defaultAffinitySeconds = 10800;

const proxyNameLabel = 'service.kubernetes.io/service-proxy-name';
const headlessLabel = 'service.kubernetes.io/headless';

/** Returns true for objects that another proxy serves, or no proxy at all. */
export const isForOtherProxies = (labels: Readonly<Record<string, string>> | null | undefined): boolean =>
  labels != null && (proxyNameLabel in labels || headlessLabel in labels);

/** Returns false for Services of type ExternalName, headless ones, and those that another proxy serves. */
const isProxied = ({ spec, metadata }: Service): boolean =>
  spec.type !== 'ExternalName' &&
  Boolean(spec.clusterIP) &&
  spec.clusterIP !== 'None' &&
  !isForOtherProxies(metadata.labels);

/** Returns a Service's ports, one for each family in which it has a cluster IP. */
export function servicePorts(service: Service): readonly ServicePort[] {
  return clusterIps(service).flatMap(clusterIp =>
    (service.spec.ports ?? []).map(port => servicePort(service, port, clusterIp)),
  );
}

/** Returns the cluster IPs of a Service that this proxy serves. */
export function clusterIps(service: Service): readonly string[] {
  if (!isProxied(service)) return none;
  const listed = (service.spec.clusterIPs ?? []).filter(address => address !== '' && address !== 'None');
  return listed.length > 0 ? listed : [service.spec.clusterIP as string];
}

const servicePortId = (namespace: string, service: string, portName: string): string =>
  [namespacedName({ namespace, name: service }), ...(portName === '' ? [] : [portName])].join(':');

function servicePort(service: Service, port: ServiceSpecPort, clusterIp: string): ServicePort {
  const { metadata, spec } = service;
  const family = familyOf(clusterIp);
  const portName = port.name ?? '';
  const isLoadBalancer = spec.type === 'LoadBalancer';
  const externalLocal = spec.externalTrafficPolicy === 'Local';
  return {
    id: servicePortId(metadata.namespace, metadata.name, portName),
    namespace: metadata.namespace,
    service: metadata.name,
    portName,
    protocol: port.protocol,
    port: port.port,
    family,
    clusterIp,
    externalIps: ofFamily(spec.externalIPs ?? none, family),
    loadBalancerIps: ofFamily(loadBalancerIps(service), family),
    sourceRanges: isLoadBalancer ? sourceRanges(spec.loadBalancerSourceRanges ?? none, family) : none,
    nodePort: spec.type === 'ClusterIP' ? 0 : (port.nodePort ?? 0),
    healthCheckNodePort: isLoadBalancer && externalLocal ? (spec.healthCheckNodePort ?? 0) : 0,
    externalTrafficPolicyLocal: externalLocal,
    internalTrafficPolicyLocal: spec.internalTrafficPolicy === 'Local',
    affinitySeconds: affinitySeconds(service),
    annotations: metadata.annotations ?? noAnnotations,
  };
}

const none: readonly string[] = [];
const noAnnotations: Readonly<Record<string, string>> = {};

const unique = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];
const ofFamily = (addresses: readonly string[], family: Family): readonly string[] =>
  addresses.length === 0 ? none : unique(addresses.filter(address => familyOf(address) === family));

/** With `ipMode: Proxy` packets reach the nodes with another destination, so the VIP must not be bound (KEP-1860). */
const loadBalancerIps = (service: Service): readonly string[] =>
  service.spec.type !== 'LoadBalancer'
    ? none
    : (service.status?.loadBalancer?.ingress ?? [])
        .filter(ingress => (ingress.ipMode ?? 'VIP') === 'VIP')
        .flatMap(ingress => (ingress.ip ? [ingress.ip] : []));

/** A range of prefix length 0 accepts every source, whatever else the list has. ipset cannot hold such a range. */
function sourceRanges(ranges: readonly string[], family: Family): readonly string[] {
  const own = unique(ranges.map(range => canonicalNetwork(range) ?? range).filter(range => familyOf(range) === family));
  return own.some(range => range.endsWith('/0')) ? [] : own;
}

const affinitySeconds = ({ spec }: Service): number | undefined =>
  spec.sessionAffinity === 'ClientIP'
    ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? defaultAffinitySeconds)
    : undefined;
