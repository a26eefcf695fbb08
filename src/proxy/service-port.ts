import { namespacedName } from '../cluster/names.js';
import type { Service, ServiceSpecPort } from '../cluster/schema/service.js';
import { type Family, familyOf } from '../net/address.js';
import { canonicalNetwork } from '../net/network.js';
import type { Protocol } from '../net/protocol.js';
import { type Table, table } from '../table.js';
import { type AddressFilter, accepts, silentFilter } from './address-filter.js';

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
  /** Undefined if the cluster IP cannot be served. Everything else of the Service still is. */
  readonly clusterIp: string | undefined;
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
export const isProxied = ({ spec, metadata }: Service): boolean =>
  spec.type !== 'ExternalName' &&
  Boolean(spec.clusterIP) &&
  spec.clusterIP !== 'None' &&
  !isForOtherProxies(metadata.labels);

/** Returns a Service's ports, one for each family in which it has a cluster IP. */
export function servicePorts(service: Service, filter: AddressFilter = silentFilter): readonly ServicePort[] {
  if (!isProxied(service)) return [];
  const addresses = serviceAddresses(service, filter);
  return addresses.clusterIps.flatMap(clusterIp => {
    // A Service may have a thousand ports at a thousand addresses.
    const ofFamilyOnly = {
      ...addresses,
      externalIps: ofFamily(addresses.externalIps, clusterIp.family),
      loadBalancerIps: ofFamily(addresses.loadBalancerIps, clusterIp.family),
    };
    return (service.spec.ports ?? []).map(port => servicePort(service, port, clusterIp, ofFamilyOnly));
  });
}

/**
 * Returns the part without which nothing of a Service can be served, in a line for the user, or undefined if it has
 * them all. The API server assigns a cluster IP and requires ports, so only a manifest can lack them.
 */
export function missingPart(service: Service): string | undefined {
  const { spec, metadata } = service;
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None' || isForOtherProxies(metadata.labels)) return undefined;
  if (!spec.clusterIP)
    return `${serviceText(service)}: spec.clusterIP: is missing, and nothing of the Service is served`;
  return spec.ports == null || spec.ports.length === 0
    ? `${serviceText(service)}: spec.ports: is missing, and nothing of the Service is served`
    : undefined;
}

const serviceText = ({ metadata }: Service): string => `Service ${namespacedName(metadata)}`;

/** Returns the cluster IPs of a Service that this proxy serves. */
export const clusterIps = (service: Service): readonly string[] =>
  isProxied(service) ? heldClusterIps(service) : none;

/**
 * Returns the cluster IPs that the API server has given to a Service, whatever proxy serves it. An ExternalName Service
 * has none: before Kubernetes 1.20 it could keep the text of one that was free again.
 */
export function heldClusterIps({ spec }: Service): readonly string[] {
  if (spec.type === 'ExternalName') return none;
  const listed = (spec.clusterIPs ?? none).filter(isGiven);
  return listed.length > 0 ? listed : [spec.clusterIP ?? ''].filter(isGiven);
}

const isGiven = (address: string): boolean => address !== '' && address !== 'None';

/** Returns the addresses that a Service asks for, and that the API server has not given to it. */
export function askedAddresses({ spec, status }: Service): readonly string[] {
  const [external, ingress] = [spec.externalIPs ?? none, status?.loadBalancer?.ingress ?? []];
  return external.length + ingress.length === 0 ? none : [...external, ...ingress.flatMap(({ ip }) => ip || [])];
}

/** Returns true if a Service asks for an address that the API server has not given to it. */
export function asksForAddresses(services: Iterable<Service>): boolean {
  for (const service of services) if (askedAddresses(service).length > 0) return true;
  return false;
}

/** The addresses of a Service in both families. */
interface ServiceAddresses {
  readonly clusterIps: readonly { readonly family: Family; readonly address: string | undefined }[];
  readonly externalIps: readonly string[];
  readonly loadBalancerIps: readonly string[];
}

function serviceAddresses(service: Service, filter: AddressFilter): ServiceAddresses {
  const { clusterIPs, externalIPs } = service.spec;
  const isUsable = (field: string, address: string): boolean =>
    accepts(filter, address, () => `${serviceText(service)}: ${field}`);
  const field = (index: number) => (clusterIPs?.[0] ? `spec.clusterIPs[${index}]` : 'spec.clusterIP');
  return {
    clusterIps: clusterIps(service).map((address, index) => ({
      family: familyOf(address),
      address: isUsable(field(index), address) ? address : undefined,
    })),
    externalIps:
      externalIPs == null
        ? none
        : externalIPs.filter((address, index) => isUsable(`spec.externalIPs[${index}]`, address)),
    loadBalancerIps: loadBalancerIps(service, isUsable),
  };
}

const servicePortId = (namespace: string, service: string, portName: string): string =>
  [namespacedName({ namespace, name: service }), ...(portName === '' ? [] : [portName])].join(':');

function servicePort(
  service: Service,
  port: ServiceSpecPort,
  { family, address }: ServiceAddresses['clusterIps'][number],
  addresses: ServiceAddresses,
): ServicePort {
  const { metadata, spec } = service;
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
    clusterIp: address,
    externalIps: addresses.externalIps,
    loadBalancerIps: addresses.loadBalancerIps,
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
const noAnnotations: Table<string> = table({});

const unique = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];
const ofFamily = (addresses: readonly string[], family: Family): readonly string[] =>
  addresses.length === 0 ? none : unique(addresses.filter(address => familyOf(address) === family));

/** With `ipMode: Proxy` packets reach the nodes with another destination, so the VIP must not be bound (KEP-1860). */
function loadBalancerIps(
  { spec, status }: Service,
  isUsable: (field: string, address: string) => boolean,
): readonly string[] {
  const ingress = status?.loadBalancer?.ingress;
  if (spec.type !== 'LoadBalancer' || ingress == null) return none;
  return ingress.flatMap(({ ip, ipMode }, index) =>
    ip && (ipMode ?? 'VIP') === 'VIP' && isUsable(`status.loadBalancer.ingress[${index}].ip`, ip) ? [ip] : [],
  );
}

/** A range of prefix length 0 accepts every source, whatever else the list has. ipset cannot hold such a range. */
function sourceRanges(ranges: readonly string[], family: Family): readonly string[] {
  const own = unique(ranges.map(range => canonicalNetwork(range) ?? range).filter(range => familyOf(range) === family));
  return own.some(range => range.endsWith('/0')) ? [] : own;
}

const affinitySeconds = ({ spec }: Service): number | undefined =>
  spec.sessionAffinity === 'ClientIP'
    ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? defaultAffinitySeconds)
    : undefined;
