import type { Cluster } from '../cluster/cluster.js';
import { type EndpointSlice, type SliceEndpoint, serviceOfSlice } from '../cluster/endpoint-slice-schema.js';
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
  readonly portName: string;
  readonly protocol: Protocol;
  readonly family: Family;
}

/** What a Service's endpoints are read from. Its EndpointSlices win; its Endpoints object counts only where it has no slice. */
export interface EndpointSources {
  readonly slices: readonly EndpointSlice[];
  readonly endpoints: Endpoints | undefined;
}

/** The sources of a Service by its `namespace/name`. */
export type FindSources = (service: string) => EndpointSources;

const nameOf = ({ metadata }: Endpoints): string => `${metadata.namespace}/${metadata.name}`;

/** Groups the cluster's endpoint objects by Service. */
export function endpointSources({ endpointSlices, endpoints }: Cluster): FindSources {
  const slices = new Map<string, EndpointSlice[]>();
  for (const slice of endpointSlices) {
    const service = serviceOfSlice(slice);
    if (service === undefined) continue;
    const known = slices.get(service);
    if (known === undefined) slices.set(service, [slice]);
    else known.push(slice);
  }
  const objects = new Map(endpoints.map(object => [nameOf(object), object]));
  return service => ({ slices: slices.get(service) ?? [], endpoints: objects.get(service) });
}

const questionKey = ({ portName, protocol, family }: EndpointQuestion): string => `${portName}/${protocol}/${family}`;

/** The endpoints of one Service's ports. */
export function endpointsFrom({ slices, endpoints }: EndpointSources, nodeName: string): FindEndpoints {
  const found: Found = new Map();
  const counted = slices.filter(({ addressType }) => addressType !== 'FQDN');
  for (const slice of counted) addSlice(slice, nodeName, found);
  if (counted.length === 0 && endpoints !== undefined) addEndpoints(endpoints, nodeName, found);
  return question => inTextOrder(found.get(questionKey(question)));
}

/** By the questions that they answer, and by their own text. */
type Found = Map<string, Map<string, Endpoint>>;

const inTextOrder = (endpoints: ReadonlyMap<string, Endpoint> | undefined): readonly Endpoint[] =>
  endpoints === undefined || endpoints.size < 2
    ? [...(endpoints?.values() ?? [])]
    : Array.from(endpoints)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, endpoint]) => endpoint);

const text = (endpoint: Endpoint): string => `${endpoint.address}:${endpoint.port}`;

/** Two slices can list one endpoint while it moves between them; the copy that is known to be on this node stands. */
function add(endpoints: Map<string, Endpoint>, endpoint: Endpoint): void {
  const key = text(endpoint);
  const known = endpoints.get(key);
  if (known === undefined || (!known.local && endpoint.local)) endpoints.set(key, endpoint);
}

function answersTo(question: EndpointQuestion, found: Found): Map<string, Endpoint> {
  const key = questionKey(question);
  const known = found.get(key) ?? new Map<string, Endpoint>();
  found.set(key, known);
  return known;
}

function addSlice(slice: EndpointSlice, nodeName: string, found: Found): void {
  if (slice.addressType === 'FQDN' || isForOtherProxies(slice.metadata.labels)) return;
  for (const port of slice.ports ?? []) {
    if (port.name == null || !port.port) continue;
    const question = {
      portName: port.name,
      protocol: port.protocol ?? 'TCP',
      family: slice.addressType,
    };
    const answers = answersTo(question, found);
    for (const endpoint of slice.endpoints ?? []) add(answers, fromSlice(endpoint, port.port, nodeName));
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
  zoneHints: namesOf(endpoint.hints?.forZones),
  nodeHints: namesOf(endpoint.hints?.forNodes),
});

const noHints: readonly string[] = [];
const namesOf = (hints: readonly { readonly name: string }[] | null | undefined): readonly string[] =>
  hints == null || hints.length === 0 ? noHints : hints.map(({ name }) => name);

function addEndpoints(endpoints: Endpoints, nodeName: string, found: Found): void {
  if (isForOtherProxies(endpoints.metadata.labels)) return;
  for (const subset of endpoints.subsets ?? [])
    for (const port of subset.ports ?? []) {
      if (!port.port) continue;
      for (const address of subset.addresses ?? []) addAddress(port, address, true);
      for (const address of subset.notReadyAddresses ?? []) addAddress(port, address, false);
    }

  function addAddress(port: EndpointPort, address: EndpointAddress, ready: boolean): void {
    const question = {
      portName: port.name ?? '',
      protocol: port.protocol ?? 'TCP',
      family: familyOf(address.ip),
    };
    add(answersTo(question, found), fromAddress(address, port.port as number, ready, nodeName));
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
