import { isEndpointKind } from '../cluster/kinds.js';
import { namespacedName } from '../cluster/names.js';
import type { Family } from '../net/address.js';
import type { ActualState } from '../node/actual-state.js';
import type { Element, RealServer, VirtualServerAddress } from '../node/element.js';
import { familyOfElement } from '../node/family.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { ipvsDevice, kernelSetNames } from '../node/names.js';
import type { Reason } from '../node/reason.js';
import { elementsOf, type NodeState } from '../node/state.js';
import type { IsOwn } from '../plan/ownership.js';
import type { Ledger } from '../proxy/ledger.js';
import { type Coverage, hasNoEndpointObjects } from './coverage.js';

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
 * Returns what stays on the node, by key: elements of objects that were not read or are invalid, and real servers that
 * are draining.
 */
export function retainedElements(
  ledger: Ledger,
  actual: ActualState,
  coverage: Coverage,
  isOwn: IsOwn,
  { nodeAddresses, unserved }: RetainingNode,
): ReadonlyMap<string, RetainedElement> {
  const retained = new Map<string, RetainedElement>();
  const keep = (element: Element, why: string) => {
    const key = keyOf(element);
    if (ledger.has(key) || retained.has(key) || isUnserved(element, unserved)) return;
    retained.set(key, { element, reasons: [{ servicePort: undefined, why }] });
  };
  keepUnclaimed(ledger, actual, coverage, isOwn, keep);
  keepEndpoints(ledger, actual, coverage, isOwn, keep);
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

type Keep = (element: Element, why: string) => void;

const forEachOwn = ({ state }: ActualState, isOwn: IsOwn, visit: (element: Element) => void): void =>
  state.forEach(element => {
    if (isOwn(element)) visit(element);
  });

/** Keeps what may belong to a Service that was not read, or that is invalid. */
function keepUnclaimed(ledger: Ledger, actual: ActualState, coverage: Coverage, isOwn: IsOwn, keep: Keep): void {
  const why = whyUnclaimed(coverage, ledger);
  if (why === undefined) return;
  forEachOwn(actual, isOwn, element => {
    if (element.kind === 'entry' || element.kind === 'address' || element.kind === 'virtual-server') keep(element, why);
    // A Service that claims a virtual server decides about its real servers.
    if (element.kind === 'real-server' && !ledger.has(virtualServerKey(element.server))) keep(element, why);
  });
}

function whyUnclaimed({ namespace, invalid }: Coverage, { hasIncomplete }: Ledger): string | undefined {
  if (namespace !== undefined) return `Only namespace ${namespace} was read.`;
  if (hasIncomplete) return 'A Service without all of its parts may need it.';
  return invalid.some(({ kind }) => canBeService(kind)) ? 'An invalid object may need it.' : undefined;
}

/** A misspelled kind may have been meant for a Service. */
const canBeService = (kind: string): boolean => !isEndpointKind(kind) && kind !== 'Node' && kind !== 'Pod';

/** Keeps the real servers of Services whose endpoints are not known, and the hairpin entries of all endpoints. */
function keepEndpoints(ledger: Ledger, actual: ActualState, coverage: Coverage, isOwn: IsOwn, keep: Keep): void {
  const unknown = unknownEndpoints(coverage, actual);
  const [anyReason = coverage.isUnread && whyUnread] = unknown.values();
  if (anyReason === undefined) return;
  forEachOwn(actual, isOwn, element => {
    if (element.kind === 'entry' && hairpinSets.has(element.set)) keep(element, anyReason);
    if (element.kind !== 'real-server') return;
    const service = owningService(ledger, element);
    if (service === undefined) return;
    const why =
      unknown.get(service) ?? unknown.get(allServices) ?? (coverage.isUnread?.(service) ? whyUnread : undefined);
    if (why !== undefined) keep(element, why);
  });
}

const hairpinSets: ReadonlySet<string> = new Set(kernelSetNames('KUBE-LOOP-BACK'));

const allServices = '*';
const whyUnread = 'The Service has no EndpointSlice, and Endpoints objects could not be read.';

/** Returns the Services whose endpoints are not known, by `namespace/name` or `*` for all, with the reason. */
function unknownEndpoints(coverage: Coverage, { state }: ActualState): ReadonlyMap<string, string> {
  const unknown = new Map<string, string>();
  for (const { kind, namespace, service } of coverage.invalid)
    if (isEndpointKind(kind))
      unknown.set(
        service === undefined ? allServices : namespacedName({ namespace, name: service }),
        'An object with its endpoints is invalid.',
      );
  if (!coverage.allowEmpty && hasNoEndpointObjects(coverage) && elementsOf(state, 'real-server').length > 0)
    unknown.set(allServices, 'No EndpointSlices or Endpoints were found.');
  return unknown;
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
  keepVips(state, vips, keep);
}

const whyDraining = 'Without it the open connections through it would be cut.';

function keepVips(state: NodeState, vips: ReadonlySet<string>, keep: Keep): void {
  if (vips.size === 0) return;
  state.forEach(element => {
    if (element.kind === 'address' && element.link === ipvsDevice && vips.has(element.address))
      keep(element, whyDraining);
  });
  for (const vip of vips)
    for (const entry of closingEntries(vip)) if (state.has(keyOf(entry))) keep(entry, whyDraining);
}

/** The entries that keep a VIP's other ports closed. */
const closingEntries = (vip: string): readonly Element[] =>
  kernelSetNames('KUBE-IPVS-IPS').map(set => ({ kind: 'entry', set, value: vip }));

/** Returns how many retained real servers get no new connections. */
export function drainingIn(retained: ReadonlyMap<string, RetainedElement>): number {
  let draining = 0;
  for (const { element } of retained.values())
    if (element.kind === 'real-server' && element.weight === 0) draining += 1;
  return draining;
}
