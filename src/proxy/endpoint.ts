import type { Cluster } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import {
  type EndpointSlice,
  hasAddresses,
  type SliceEndpoint,
  serviceOfSlice,
} from '../cluster/schema/endpoint-slice.js';
import type { EndpointAddress, Endpoints } from '../cluster/schema/endpoints.js';
import { type Family, familyOf } from '../net/address.js';
import type { Protocol } from '../net/protocol.js';
import { type AddressFilter, accepts, silentFilter } from './address-filter.js';
import { isForOtherProxies } from './service-port.js';

/** One address and port that a Service port can be balanced to, from an EndpointSlice or an Endpoints object. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Address and port. Endpoints are sorted and identified by it. */
  readonly text: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly local: boolean;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** Returns the endpoints of a Service port in text order, without duplicates. */
export type FindEndpoints = (port: EndpointQuery) => readonly Endpoint[];

export interface EndpointQuery {
  readonly portName: string;
  readonly protocol: Protocol;
  readonly family: Family;
}

/** The objects with a Service's endpoints. The Endpoints object counts only if the Service has no EndpointSlice. */
export interface EndpointSources {
  readonly slices: readonly EndpointSlice[];
  readonly endpoints: Endpoints | undefined;
}

/** Returns the sources of a Service, given as `namespace/name`. */
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

/** The node that looks for endpoints, and which addresses it can serve. */
interface Finder {
  readonly nodeName: string;
  readonly filter: AddressFilter;
}

/** Returns a function that finds the endpoints of one Service's ports. */
export function endpointsFrom(
  { slices, endpoints }: EndpointSources,
  nodeName: string,
  filter: AddressFilter = silentFilter,
): FindEndpoints {
  const finder = { nodeName, filter };
  const addressSlices = slices.filter(hasAddresses);
  return query => {
    const found: Endpoint[] = [];
    for (const slice of addressSlices) addSlice(slice, query, finder, found);
    if (addressSlices.length === 0 && endpoints !== undefined) addEndpoints(endpoints, query, finder, found);
    return inTextOrder(found);
  };
}

/** Returns the function that finds the endpoints of any Service's ports. */
export function endpointFinder(
  cluster: Cluster,
  nodeName: string,
): (port: EndpointQuery & { readonly namespace: string; readonly service: string }) => readonly Endpoint[] {
  const sourcesOf = endpointSources(cluster);
  return port => endpointsFrom(sourcesOf(`${port.namespace}/${port.service}`), nodeName)(port);
}

/**
 * Returns the endpoints in text order, one for each address and port. A new Pod can have the address of an old one that
 * is still terminating (kubernetes/kubernetes#135266): the one that is not terminating counts. Two slices can list one
 * endpoint while it moves between them: the copy that is known to be on this node counts, then a ready one. The
 * order of the slices decides nothing, because it is not the same in a watch and in a list.
 */
const inTextOrder = (found: Endpoint[]): readonly Endpoint[] =>
  found.every((endpoint, at) => at === 0 || textBefore(found, at) < endpoint.text)
    ? found
    : found.sort(byTextBestFirst).filter((endpoint, at) => at === 0 || textBefore(found, at) !== endpoint.text);

const textBefore = (endpoints: readonly Endpoint[], at: number): string => endpoints[at - 1]?.text ?? '';

const hintsText = ({ zoneHints, nodeHints }: Endpoint): string => JSON.stringify([zoneHints, nodeHints]);

function byTextBestFirst(one: Endpoint, other: Endpoint): number {
  if (one.text !== other.text) return one.text < other.text ? -1 : 1;
  return (
    Number(one.terminating) - Number(other.terminating) ||
    Number(other.local) - Number(one.local) ||
    Number(other.ready) - Number(one.ready) ||
    Number(other.serving) - Number(one.serving) ||
    (hintsText(one) < hintsText(other) ? -1 : 1)
  );
}

function addSlice(slice: EndpointSlice, query: EndpointQuery, { nodeName, filter }: Finder, found: Endpoint[]): void {
  const { addressType, metadata, ports, endpoints } = slice;
  if (addressType !== query.family || isForOtherProxies(metadata.labels)) return;
  for (const { name, port, protocol } of ports ?? []) {
    // The API server fills in a missing name and protocol. A file may lack them.
    if (!port || (name ?? '') !== query.portName || (protocol ?? 'TCP') !== query.protocol) continue;
    endpoints?.forEach((endpoint, index) => {
      const place = () => `EndpointSlice ${namespacedName(metadata)}: endpoints[${index}].addresses[0]`;
      if (accepts(filter, endpoint.addresses[0] as string, place)) found.push(fromSlice(endpoint, port, nodeName));
    });
  }
}

/** Only the first address counts, as in kube-proxy. A missing condition has the API's default. */
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

function addEndpoints(object: Endpoints, query: EndpointQuery, { nodeName, filter }: Finder, found: Endpoint[]): void {
  if (isForOtherProxies(object.metadata.labels)) return;
  object.subsets?.forEach((subset, index) => {
    for (const { name, port, protocol } of subset.ports ?? []) {
      if (!port || (name ?? '') !== query.portName || (protocol ?? 'TCP') !== query.protocol) continue;
      for (const field of ['addresses', 'notReadyAddresses'] as const)
        subset[field]?.forEach((address, at) => {
          const place = () => `Endpoints ${namespacedName(object.metadata)}: subsets[${index}].${field}[${at}].ip`;
          if (familyOf(address.ip) === query.family && accepts(filter, address.ip, place))
            found.push(fromAddress(address, port, field === 'addresses', nodeName));
        });
    }
  });
}

/** An Endpoints object only distinguishes ready and not ready. */
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
