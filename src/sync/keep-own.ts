import type { InParts } from '../breath.js';
import { namespacedName } from '../cluster/names.js';
import { hasAddresses } from '../cluster/schema/endpoint-slice.js';
import { serviceTraces } from '../cluster/service-traces.js';
import type { ActualState } from '../node/actual-state.js';
import type { Element, Entry, VirtualServerAddress } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { ipvsDevice, kernelSetNames } from '../node/names.js';
import { type NodeState, visitInParts } from '../node/state.js';
import { virtualServerText } from '../node/tools/text.js';
import type { IsOwn } from '../plan/ownership.js';
import type { EndpointSources } from '../proxy/endpoint.js';
import type { Ledger } from '../proxy/ledger.js';
import type { Coverage } from './coverage.js';
import { nodePortOfEntry, OwnTraces, serverOfEntry, type TracedService } from './own-traces.js';

/** Keeps an element on the node unless a Service claims it, with the reason as a sentence. */
export type Keep = (element: Element, why: string) => void;

/** What decides about what stays on a node. */
export interface Retaining {
  readonly ledger: Ledger;
  readonly actual: ActualState;
  readonly coverage: Coverage;
  readonly isOwn: IsOwn;
  readonly keep: Keep;
}

interface RetainingOwn extends Retaining {
  readonly nodeAddresses: ReadonlySet<string>;
  /** Returns true for the key of an element that is kept already. */
  readonly isKept: (key: string) => boolean;
}

/** Visits the elements that are kproxy's, and yields in between. */
export const forEachOwn = ({ state }: ActualState, isOwn: IsOwn, visit: (element: Element) => void): InParts<void> =>
  visitInParts(state, element => {
    if (isOwn(element)) visit(element);
  });

/** Keeps what Services that are invalid, or lack a part, may have asked for before. */
export function* keepOwn(retaining: RetainingOwn): InParts<void> {
  const { coverage, ledger } = retaining;
  const invalid = coverage.unusable.flatMap(object =>
    object.traces === undefined ? [] : [tracedService(namespacedName(object), object.traces, coverage)],
  );
  yield* keepTraced(retaining, invalid, 'An invalid object may need it.');
  const incomplete = [...ledger.incomplete].flatMap(name => {
    const service = coverage.serviceNamed(name);
    return service === undefined ? [] : [tracedService(name, serviceTraces({ ...service }), coverage)];
  });
  yield* keepTraced(retaining, incomplete, 'A Service without all of its parts may need it.');
}

const tracedService = (name: string, traces: TracedService['traces'], { sourcesOf }: Coverage): TracedService => ({
  traces,
  endpoints: () => new Set(endpointTexts(sourcesOf(name))),
});

/** Returns all endpoints of a Service as `TCP 10.0.0.1:80`, whether they are ready or not. */
function endpointTexts({ slices, endpoints }: EndpointSources): readonly string[] {
  const lists = slices.filter(hasAddresses).map(slice => ({
    ports: slice.ports ?? [],
    addresses: (slice.endpoints ?? []).map(endpoint => endpoint.addresses[0] ?? ''),
  }));
  const subsets = (lists.length === 0 ? (endpoints?.subsets ?? []) : []).map(subset => ({
    ports: subset.ports ?? [],
    addresses: [...(subset.addresses ?? []), ...(subset.notReadyAddresses ?? [])].map(({ ip }) => ip),
  }));
  return [...lists, ...subsets].flatMap(({ ports, addresses }) =>
    ports.flatMap(({ protocol, port }) =>
      port ? addresses.map(address => virtualServerText({ protocol: protocol ?? 'TCP', address, port })) : [],
    ),
  );
}

function* keepTraced(retaining: RetainingOwn, services: readonly TracedService[], why: string): InParts<void> {
  if (services.length === 0) return;
  const { actual, isOwn, nodeAddresses, isKept } = retaining;
  const traces = new OwnTraces(services, nodeAddresses);
  const keep = (element: Element): void => retaining.keep(element, why);
  const found = yield* serversOfEndpoints(retaining, traces);
  const { servers, others } = yield* keepEntries(retaining, traces, found, keep);
  const vips = new Set<string>();
  yield* forEachOwn(actual, isOwn, element => {
    if (element.kind !== 'virtual-server' || isClaimed(retaining, element)) return;
    const text = virtualServerText(element);
    if (!servers.has(text) && (others.has(text) || !traces.isOwnServer(element))) return;
    keep(element);
    vips.add(element.address);
  });
  yield* forEachOwn(actual, isOwn, element => {
    if (element.kind === 'real-server' && isKept(virtualServerKey(element.server))) keep(element);
  });
  keepVips(actual.state, vips, keep);
}

/** A Service that claims a virtual server decides about everything that belongs to it. */
const isClaimed = ({ ledger }: Retaining, server: VirtualServerAddress): boolean =>
  ledger.has(virtualServerKey(server));

/** Returns the virtual servers with endpoints of Services of which an address cannot be read. */
function* serversOfEndpoints(
  { actual, isOwn }: Retaining,
  traces: OwnTraces,
): InParts<ReadonlyMap<string, VirtualServerAddress>> {
  const found = new Map<string, VirtualServerAddress>();
  if (!traces.hasEndpoints) return found;
  yield* forEachOwn(actual, isOwn, element => {
    if (element.kind === 'real-server' && traces.isOwnEndpoint(element))
      found.set(virtualServerText(element.server), element.server);
  });
  return found;
}

/**
 * Keeps the entries of sets that may be the Services'.
 * @param known virtual servers that may be the Services'
 * @returns those and the ones that the entries name, and the ones that entries name as what no such Service has: an
 * external IP of another Service is not served any longer because it is the cluster IP of one that is invalid
 */
function* keepEntries(
  retaining: RetainingOwn,
  traces: OwnTraces,
  known: ReadonlyMap<string, VirtualServerAddress>,
  keep: (element: Element) => void,
): InParts<{ readonly servers: ReadonlySet<string>; readonly others: ReadonlySet<string> }> {
  const { actual, isOwn, ledger, nodeAddresses } = retaining;
  const servers = new Set(known.keys());
  const others = new Set<string>();
  const nodePorts = new Set(
    Array.from(known.values()).flatMap(({ protocol, address, port }) =>
      nodeAddresses.has(address) ? [`${protocol} ${port}`] : [],
    ),
  );
  yield* forEachOwn(actual, isOwn, element => {
    if (element.kind !== 'entry') return;
    const server = serverOfEntry(element);
    if (server !== undefined && isClaimed(retaining, server)) return;
    const text = server && virtualServerText(server);
    const isOfKnown = text === undefined ? nodePorts.has(nodePortOfEntry(element) ?? '') : known.has(text);
    if (!isOfKnown && !traces.isOwnEntry(element)) {
      if (text !== undefined) others.add(text);
      return;
    }
    if (isDecided(element, ledger)) return;
    keep(element);
    if (text !== undefined) servers.add(text);
  });
  return { servers, others };
}

/** Returns true for the entry of a node port whose number a Service claims: it is not local unless that one says so. */
const isDecided = ({ set, value }: Entry, ledger: Ledger): boolean =>
  set.includes('-LOCAL-') && ledger.has(keyOf({ kind: 'entry', set: set.replace('-LOCAL-', '-'), value }));

/** Keeps VIPs on the IPVS device, and the entries that keep their other ports closed. */
export function keepVips(state: NodeState, vips: ReadonlySet<string>, keep: (element: Element) => void): void {
  if (vips.size === 0) return;
  state.forEach(element => {
    if (element.kind === 'address' && element.link === ipvsDevice && vips.has(element.address)) keep(element);
  });
  for (const vip of vips) for (const entry of closingEntries(vip)) if (state.has(keyOf(entry))) keep(entry);
}

const closingEntries = (vip: string): readonly Element[] =>
  kernelSetNames('KUBE-IPVS-IPS').map(set => ({ kind: 'entry', set, value: vip }));
