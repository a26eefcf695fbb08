import type { Cluster } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import { type EndpointSlice, type SliceEndpoint, serviceOfSlice } from '../cluster/schema/endpoint-slice.js';
import type { EndpointAddress, Endpoints } from '../cluster/schema/endpoints.js';
import { type Family, familyOf } from '../net/address.js';
import type { Protocol } from '../net/protocol.js';
import { isForOtherProxies } from './service-port.js';

/** One address and port that a Service port can be balanced to, from an EndpointSlice or an Endpoints object. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Both, by which endpoints are ordered and told apart. */
  readonly text: string;
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
  const objects = new Map(endpoints.map(object => [namespacedName(object.metadata), object]));
  return service => ({ slices: slices.get(service) ?? [], endpoints: objects.get(service) });
}

/** The endpoints of one Service's ports. */
export function endpointsFrom({ slices, endpoints }: EndpointSources, nodeName: string): FindEndpoints {
  const counted = slices.filter(({ addressType }) => addressType !== 'FQDN');
  return question => {
    const found: Endpoint[] = [];
    for (const slice of counted) addSlice(slice, question, nodeName, found);
    if (counted.length === 0 && endpoints !== undefined) addEndpoints(endpoints, question, nodeName, found);
    return inTextOrder(found);
  };
}

/** Two slices can list one endpoint while it moves between them; the copy that is known to be on this node stands. */
const inTextOrder = (found: Endpoint[]): readonly Endpoint[] =>
  found.every((endpoint, at) => at === 0 || textBefore(found, at) < endpoint.text)
    ? found
    : found.sort(byTextLocalFirst).filter((endpoint, at) => at === 0 || textBefore(found, at) !== endpoint.text);

const textBefore = (endpoints: readonly Endpoint[], at: number): string => endpoints[at - 1]?.text ?? '';

const byTextLocalFirst = (one: Endpoint, other: Endpoint): number =>
  one.text === other.text ? Number(other.local) - Number(one.local) : one.text < other.text ? -1 : 1;

function addSlice(slice: EndpointSlice, question: EndpointQuestion, nodeName: string, found: Endpoint[]): void {
  if (slice.addressType !== question.family || isForOtherProxies(slice.metadata.labels)) return;
  for (const { name, port, protocol } of slice.ports ?? [])
    if (port && name === question.portName && (protocol ?? 'TCP') === question.protocol)
      slice.endpoints?.forEach(endpoint => void found.push(fromSlice(endpoint, port, nodeName)));
}

/** Only the first address counts, as in every proxy. A condition that is not said has the API's default. */
function fromSlice(endpoint: SliceEndpoint, port: number, nodeName: string): Endpoint {
  const address = endpoint.addresses[0] as string;
  return {
    address,
    port,
    text: `${address}:${port}`,
    ready: endpoint.conditions?.ready ?? true,
    serving: endpoint.conditions?.serving ?? true,
    terminating: endpoint.conditions?.terminating ?? false,
    local: endpoint.nodeName === nodeName,
    zoneHints: namesOf(endpoint.hints?.forZones),
    nodeHints: namesOf(endpoint.hints?.forNodes),
  };
}

const noHints: readonly string[] = [];
const namesOf = (hints: readonly { readonly name: string }[] | null | undefined): readonly string[] =>
  hints == null || hints.length === 0 ? noHints : hints.map(({ name }) => name);

function addEndpoints(endpoints: Endpoints, question: EndpointQuestion, nodeName: string, found: Endpoint[]): void {
  if (isForOtherProxies(endpoints.metadata.labels)) return;
  for (const subset of endpoints.subsets ?? [])
    for (const { name, port, protocol } of subset.ports ?? []) {
      if (!port || (name ?? '') !== question.portName || (protocol ?? 'TCP') !== question.protocol) continue;
      for (const address of subset.addresses ?? []) addAddress(port, address, true);
      for (const address of subset.notReadyAddresses ?? []) addAddress(port, address, false);
    }

  function addAddress(port: number, address: EndpointAddress, ready: boolean): void {
    if (familyOf(address.ip) === question.family) found.push(fromAddress(address, port, ready, nodeName));
  }
}

/** An Endpoints object knows ready and not ready, nothing else. */
const fromAddress = (address: EndpointAddress, port: number, ready: boolean, nodeName: string): Endpoint => ({
  address: address.ip,
  port,
  text: `${address.ip}:${port}`,
  ready,
  serving: ready,
  terminating: false,
  local: address.nodeName === nodeName,
  zoneHints: noHints,
  nodeHints: noHints,
});
