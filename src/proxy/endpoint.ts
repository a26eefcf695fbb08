import type { Cluster } from '../cluster/cluster.js';
import type { EndpointSlice, SliceEndpoint } from '../cluster/endpoint-slice-schema.js';
import type { EndpointAddress, EndpointPort, Endpoints } from '../cluster/endpoints-schema.js';
import { type Family, familyOf, type Protocol } from '../cluster/network-schema.js';
import { isForOtherProxies } from './service-port.js';

/** One address and port that a Service port can be balanced to, from an EndpointSlice or an Endpoints object. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly local: boolean;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** The endpoints of a Service port in text order, without duplicates. */
export type FindEndpoints = (port: EndpointQuestion) => readonly Endpoint[];

export interface EndpointQuestion {
  readonly namespace: string;
  readonly service: string;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly family: Family;
}

const questionKey = (question: EndpointQuestion): string =>
  `${question.namespace}/${question.service}/${question.portName}/${question.protocol}/${question.family}`;

/** Indexes the cluster's endpoints. A Service's EndpointSlices win; its Endpoints object counts only where it has no slice. */
export function endpointIndex(cluster: Cluster, nodeName: string): FindEndpoints {
  const found = new Map<string, Map<string, Endpoint>>();
  const withSlices = new Set<string>();
  for (const slice of cluster.endpointSlices) addSlice(slice, nodeName, found, withSlices);
  for (const endpoints of cluster.endpoints)
    if (!withSlices.has(`${endpoints.metadata.namespace}/${endpoints.metadata.name}`))
      addEndpoints(endpoints, nodeName, found);
  return question => [...(found.get(questionKey(question))?.values() ?? [])].sort(byText);
}

type Found = Map<string, Map<string, Endpoint>>;

const text = (endpoint: Endpoint): string => `${endpoint.address}:${endpoint.port}`;
const byText = (one: Endpoint, other: Endpoint): number => (text(one) < text(other) ? -1 : 1);

/** Two slices can list one endpoint while it moves between them; the copy that is known to be on this node stands. */
function add(found: Found, question: EndpointQuestion, endpoint: Endpoint): void {
  const key = questionKey(question);
  const endpoints = found.get(key) ?? new Map<string, Endpoint>();
  found.set(key, endpoints);
  const known = endpoints.get(text(endpoint));
  if (known === undefined || (!known.local && endpoint.local)) endpoints.set(text(endpoint), endpoint);
}

function addSlice(slice: EndpointSlice, nodeName: string, found: Found, withSlices: Set<string>): void {
  const service = slice.metadata.labels?.['kubernetes.io/service-name'];
  if (!service || slice.addressType === 'FQDN') return;
  const { namespace } = slice.metadata;
  withSlices.add(`${namespace}/${service}`);
  if (isForOtherProxies(slice.metadata.labels)) return;
  for (const port of slice.ports ?? []) {
    if (port.name == null || !port.port) continue;
    const question = {
      namespace,
      service,
      portName: port.name,
      protocol: port.protocol ?? 'TCP',
      family: slice.addressType,
    };
    for (const endpoint of slice.endpoints ?? []) add(found, question, fromSlice(endpoint, port.port, nodeName));
  }
}

/** Only the first address counts, as in every proxy. A condition that is not said has the API's default. */
const fromSlice = (endpoint: SliceEndpoint, port: number, nodeName: string): Endpoint => ({
  address: endpoint.addresses[0] as string,
  port,
  ready: endpoint.conditions?.ready ?? true,
  serving: endpoint.conditions?.serving ?? true,
  terminating: endpoint.conditions?.terminating ?? false,
  local: endpoint.nodeName === nodeName,
  zoneHints: (endpoint.hints?.forZones ?? []).map(zone => zone.name),
  nodeHints: (endpoint.hints?.forNodes ?? []).map(node => node.name),
});

function addEndpoints(endpoints: Endpoints, nodeName: string, found: Found): void {
  if (isForOtherProxies(endpoints.metadata.labels)) return;
  for (const subset of endpoints.subsets ?? [])
    for (const port of subset.ports ?? []) {
      if (!port.port) continue;
      for (const address of subset.addresses ?? []) addAddress(endpoints, port, address, true);
      for (const address of subset.notReadyAddresses ?? []) addAddress(endpoints, port, address, false);
    }

  function addAddress({ metadata }: Endpoints, port: EndpointPort, address: EndpointAddress, ready: boolean): void {
    const question = {
      namespace: metadata.namespace,
      service: metadata.name,
      portName: port.name ?? '',
      protocol: port.protocol ?? 'TCP',
      family: familyOf(address.ip),
    };
    add(found, question, fromAddress(address, port.port as number, ready, nodeName));
  }
}

/** An Endpoints object knows ready and not ready, nothing else. */
const fromAddress = (address: EndpointAddress, port: number, ready: boolean, nodeName: string): Endpoint => ({
  address: address.ip,
  port,
  ready,
  serving: ready,
  terminating: false,
  local: address.nodeName === nodeName,
  zoneHints: [],
  nodeHints: [],
});
