import type { Element, RealServer, Reason } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { ipvsDevice, kernelSetName } from '../node/names.js';
import { elementsOf, type NodeState, together } from '../node/state.js';
import type { Claims } from './claims.js';

/** What must stay on the node although no valid object that was read asks for it. */
export interface Retention {
  /** What was read is not all there is: whatever has no Service here may have one that was not read. */
  readonly unclaimed: string | undefined;
  /** `namespace/name` of Services whose endpoints are not known, or `all`, with the reason. */
  readonly endpointsOf: ReadonlyMap<string, string>;
}

export const nothingRetained: Retention = { unclaimed: undefined, endpointsOf: new Map() };

export const allServices = 'all';

/** Adds to the claims what stays: connections that drain, and what belongs to objects that could not be read. */
export function withRetained(
  claims: Claims,
  actual: NodeState,
  retention: Retention,
  isOwn: (element: Element) => boolean,
): Claims {
  const kept = new Map<string, Element>();
  const reasons = new Map<string, readonly Reason[]>();
  const keep = (element: Element, why: string) => {
    const key = keyOf(element);
    if (claims.elements.has(key) || kept.has(key)) return;
    kept.set(key, element);
    reasons.set(key, [{ servicePort: undefined, why }]);
  };
  if (retention.unclaimed !== undefined) keepUnclaimed(ownIn(actual, isOwn), claims, retention.unclaimed, keep);
  if (retention.endpointsOf.size > 0) keepEndpoints(ownIn(actual, isOwn), claims, retention, keep);
  keepDraining(actual, isOwn, keep);
  if (kept.size === 0) return claims;
  return {
    ...claims,
    elements: together(claims.elements, kept),
    reasons: { get: key => reasons.get(key) ?? claims.reasons.get(key) },
    setSizes: withEntries(claims.setSizes, kept.values()),
  };
}

/** A set stays as long as an entry in it does. */
function withEntries(sizes: ReadonlyMap<string, number>, kept: Iterable<Element>): ReadonlyMap<string, number> {
  const all = new Map(sizes);
  for (const element of kept) if (element.kind === 'entry') all.set(element.set, (all.get(element.set) ?? 0) + 1);
  return all;
}

const ownIn = (actual: NodeState, isOwn: (element: Element) => boolean): readonly Element[] =>
  [...actual.values()].filter(isOwn);

type Keep = (element: Element, why: string) => void;

const isServiceElement = ({ kind }: Element): boolean =>
  kind === 'entry' || kind === 'address' || kind === 'virtual-server';

/** Real servers of a virtual server that a Service claims are that Service's to decide. */
function keepUnclaimed(present: readonly Element[], claims: Claims, why: string, keep: Keep): void {
  for (const element of present) {
    if (isServiceElement(element)) keep(element, why);
    if (element.kind === 'real-server' && !claims.asked.has(virtualServerKey(element.server))) keep(element, why);
  }
}

function keepEndpoints(present: readonly Element[], claims: Claims, { endpointsOf }: Retention, keep: Keep): void {
  const hairpins = new Set([kernelSetName('KUBE-LOOP-BACK', 'IPv4'), kernelSetName('KUBE-LOOP-BACK', 'IPv6')]);
  const anyWhy = [...endpointsOf.values()][0] ?? '';
  for (const element of present) {
    if (element.kind === 'entry' && hairpins.has(element.set)) keep(element, anyWhy);
    if (element.kind !== 'real-server' || !claims.asked.has(virtualServerKey(element.server))) continue;
    const why = endpointsOf.get(serviceOf(claims, element)) ?? endpointsOf.get(allServices);
    if (why !== undefined) keep(element, why);
  }
}

/** `namespace/name` of the Service that holds the real server's virtual server; empty where none does. */
function serviceOf(claims: Claims, { server }: RealServer): string {
  const servicePort = claims.reasons.get(virtualServerKey(server))?.[0]?.servicePort ?? '';
  return servicePort.split(':')[0] ?? '';
}

const hasConnections = ({ connections }: RealServer): boolean => connections.active + connections.inactive > 0;

/**
 * A TCP real server with connections stays at weight 0 until they are closed: it gets no new ones, and those that are open are not cut.
 * Where its Service is gone, the virtual server and its VIP stay for them too, closed to everything else.
 */
function keepDraining(actual: NodeState, isOwn: (element: Element) => boolean, keep: Keep): void {
  actual.forEach(element => {
    if (element.kind !== 'real-server' || element.server.protocol !== 'TCP' || !hasConnections(element)) return;
    if (!isOwn(element)) return;
    keep({ ...element, weight: 0 }, 'its open connections would be cut');
    const server = actual.get(virtualServerKey(element.server));
    if (server !== undefined) keepVirtualServer(actual, server, element.server.address, keep);
  });
}

function keepVirtualServer(actual: NodeState, server: Element, vip: string, keep: Keep): void {
  const why = 'the connections through it would be cut';
  keep(server, why);
  for (const address of elementsOf(actual, 'address'))
    if (address.link === ipvsDevice && address.address === vip) keep(address, why);
  for (const entry of closingEntries(vip)) if (actual.has(keyOf(entry))) keep(entry, why);
}

/** The entries that keep a VIP's other ports closed. */
const closingEntries = (vip: string): readonly Element[] =>
  (['IPv4', 'IPv6'] as const).map(family => ({
    kind: 'entry',
    set: kernelSetName('KUBE-IPVS-IPS', family),
    value: vip,
  }));
