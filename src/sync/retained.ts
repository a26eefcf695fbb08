import type { InParts } from '../breath.js';
import { servicesListedIn } from '../cluster/invalid-object.js';
import { hasAddresses } from '../cluster/schema/endpoint-slice.js';
import { type Family, familyOf } from '../net/address.js';
import type { ActualState } from '../node/actual-state.js';
import type { Element, RealServer, VirtualServerAddress } from '../node/element.js';
import { familyOfElement } from '../node/family.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { kernelSetName } from '../node/names.js';
import type { Reason } from '../node/reason.js';
import { elementsOf } from '../node/state.js';
import type { IsOwn } from '../plan/ownership.js';
import { entryText } from '../proxy/claim.js';
import type { Ledger } from '../proxy/ledger.js';
import { type Coverage, hasNoEndpointObjects } from './coverage.js';
import { forEachOwn, type Keep, keepOwn, keepVips, type Retaining } from './keep-own.js';

/** An element that stays on the node although no Service that was read claims it. */
export interface RetainedElement {
  readonly element: Element;
  readonly reasons: readonly Reason[];
}

/** What decides about an element beside the cluster. */
interface RetainingNode {
  readonly nodeAddresses: ReadonlySet<string>;
  /** Families of which nothing stays, because the node cannot serve them. */
  readonly unserved: ReadonlySet<Family>;
}

/**
 * Returns what stays on the node, by key: elements of Services that were not read, what unusable objects may have asked
 * for before, and real servers that are draining. An unusable object keeps only the endpoints of its Service, or the
 * Service's elements.
 */
export function* retainedElements(
  ledger: Ledger,
  actual: ActualState,
  coverage: Coverage,
  isOwn: IsOwn,
  { nodeAddresses, unserved }: RetainingNode,
): InParts<ReadonlyMap<string, RetainedElement>> {
  const retained = new Map<string, RetainedElement>();
  const keep = (element: Element, why: string) => {
    const key = keyOf(element);
    if (ledger.has(key) || retained.has(key) || isUnserved(element, unserved)) return;
    retained.set(key, { element, reasons: [{ servicePort: undefined, why }] });
  };
  const retaining = { ledger, actual, coverage, isOwn, keep };
  yield* keepUnread(retaining);
  yield* keepOwn({ ...retaining, nodeAddresses, isKept: key => retained.has(key) });
  yield* keepEndpoints(retaining);
  keepHairpins(actual, retained, keep);
  const isReached = (server: VirtualServerAddress) =>
    nodeAddresses.has(server.address) || ledger.has(virtualServerKey(server));
  keepDraining(actual, isOwn, isReached, keep);
  return retained;
}

function isUnserved(element: Element, unserved: ReadonlySet<Family>): boolean {
  if (unserved.size === 0) return false;
  const family = familyOfElement(element);
  return family !== undefined && unserved.has(family);
}

/** Keeps what may belong to Services that were not read: everything that no Service claims. */
function* keepUnread({ ledger, actual, coverage: { namespace }, isOwn, keep }: Retaining): InParts<void> {
  if (namespace === undefined) return;
  const why = `Only namespace ${namespace} was read.`;
  yield* forEachOwn(actual, isOwn, element => {
    if (element.kind === 'entry' || element.kind === 'address' || element.kind === 'virtual-server') keep(element, why);
    // A Service that claims a virtual server decides about its real servers.
    if (element.kind === 'real-server' && !ledger.has(virtualServerKey(element.server))) keep(element, why);
  });
}

/** Keeps the real servers of Services whose endpoints are not known. */
function* keepEndpoints({ ledger, actual, coverage, isOwn, keep }: Retaining): InParts<void> {
  const unknown = unknownEndpoints(coverage, actual);
  if (unknown.size === 0 && coverage.isUnread === undefined) return;
  yield* forEachOwn(actual, isOwn, element => {
    if (element.kind !== 'real-server') return;
    const service = owningService(ledger, element);
    if (service === undefined) return;
    const why =
      unknown.get(service) ?? unknown.get(allServices) ?? (coverage.isUnread?.(service) ? whyUnread : undefined);
    if (why !== undefined) keep(element, why);
  });
}

const allServices = '*';
const whyUnread = 'The Service has no EndpointSlice, and Endpoints objects could not be read.';

/** Returns the Services whose endpoints are not known, by `namespace/name` or `*` for all, with the reason. */
function unknownEndpoints(coverage: Coverage, { state }: ActualState): ReadonlyMap<string, string> {
  const unknown = new Map<string, string>();
  for (const object of coverage.unusable)
    for (const service of servicesListedIn(object))
      if (object.kind !== 'Endpoints' || !coverage.sourcesOf(service).slices.some(hasAddresses))
        unknown.set(service, 'An object with its endpoints is invalid.');
  if (!coverage.allowEmpty && hasNoEndpointObjects(coverage) && elementsOf(state, 'real-server').length > 0)
    unknown.set(allServices, 'No EndpointSlices or Endpoints were found.');
  return unknown;
}

/** Keeps the entries by which the retained real servers on this node may be balanced to themselves. */
function keepHairpins({ state }: ActualState, retained: ReadonlyMap<string, RetainedElement>, keep: Keep): void {
  for (const { element, reasons } of [...retained.values()]) {
    if (element.kind !== 'real-server') continue;
    const entry = hairpinEntry(element);
    if (state.has(keyOf(entry))) keep(entry, reasons[0]?.why ?? '');
  }
}

function hairpinEntry({ server, address, port }: RealServer): Element {
  const set = kernelSetName('KUBE-LOOP-BACK', familyOf(address));
  return { kind: 'entry', set, value: [entryText(address, server.protocol, port), address].join(',') };
}

/** Returns `namespace/name` of the Service that owns a real server's virtual server, or undefined if none does. */
function owningService(ledger: Ledger, { server }: RealServer): string | undefined {
  const servicePort = ledger.reasonsOf(virtualServerKey(server))[0]?.servicePort;
  return servicePort?.split(':')[0];
}

/**
 * Keeps TCP real servers with connections at weight 0 until those are closed: they get no new connections, and open
 * ones are not cut. If the Service is gone, its virtual server and VIP stay for them too, closed to everything else.
 * Connections to an address that has left the node are cut already.
 */
function keepDraining(
  { state, connections }: ActualState,
  isOwn: IsOwn,
  isReached: (server: VirtualServerAddress) => boolean,
  keep: Keep,
): void {
  if (connections.size === 0) return;
  const bound = new Set(elementsOf(state, 'address').map(({ address }) => address));
  const vips = new Set<string>();
  for (const key of connections.keys()) {
    const element = state.get(key);
    if (element?.kind !== 'real-server' || element.server.protocol !== 'TCP' || !isOwn(element)) continue;
    if (!bound.has(element.server.address) && !isReached(element.server)) continue;
    keep({ ...element, weight: 0 }, 'Without it its open connections would be cut.');
    const server = state.get(virtualServerKey(element.server));
    if (server === undefined) continue;
    keep(server, whyDraining);
    vips.add(element.server.address);
  }
  keepVips(state, vips, element => keep(element, whyDraining));
}

const whyDraining = 'Without it the open connections through it would be cut.';

/** Returns how many retained real servers get no new connections. */
export function drainingIn(retained: ReadonlyMap<string, RetainedElement>): number {
  let draining = 0;
  for (const { element } of retained.values())
    if (element.kind === 'real-server' && element.weight === 0) draining += 1;
  return draining;
}
