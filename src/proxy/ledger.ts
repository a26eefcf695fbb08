import type { Reason } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import type { Claims, Conflict, Wanted } from './claims.js';
import type { ClosedVip, PortClaim, ServiceClaims } from './service-claims.js';

/**
 * Who asks for which element. The elements of a node are the sum of what its Services ask for, and one Service's part can be taken out and put in anew
 * without looking at the others.
 */
export interface Ledger {
  /** Puts a Service's claims in the place of those that it had; undefined takes them out. Gives the keys of all elements that may have become others. */
  replace(service: string, claims: ServiceClaims | undefined): ReadonlySet<string>;
  /** An element with everyone who asks for it; undefined where nobody does. */
  wanted(key: string): Wanted | undefined;
  /** Kernel name of each set → how many entries are asked for. */
  readonly setSizes: ReadonlyMap<string, number>;
  /** The load balancer VIPs that are closed to the node itself. */
  closedToNode(): readonly ClosedVip[];
  /** The sum of everything. */
  claims(): Claims;
}

interface Entry {
  readonly key: string;
  readonly claim: PortClaim;
  readonly order: string;
}

/** A ledger of these Services, which are in the order of their creation. */
export function ledgerOf(services: readonly ServiceClaims[]): Ledger {
  const byService = new Map<string, { readonly claims: ServiceClaims; readonly entries: readonly Entry[] }>();
  const byKey = new Map<string, Entry[]>();
  const byFront = new Map<string, Entry[]>();
  const setSizes = new Map<string, number>();
  const closed = new Map<string, readonly ClosedVip[]>();

  const holderOf = (front: string): string | undefined => byFront.get(front)?.[0]?.claim.servicePort;
  const stands = ({ claim }: Entry): boolean =>
    claim.front === undefined || holderOf(claim.front) === claim.servicePort;

  function wanted(key: string): Wanted | undefined {
    const standing = byKey.get(key)?.filter(stands) ?? [];
    const first = standing[0];
    return first && { element: first.claim.element, reasons: standing.map(reasonOf) };
  }

  function insert(claims: ServiceClaims): void {
    const entries = claims.claims.map(claim => ({ key: keyOf(claim.element), claim, order: claims.order }));
    byService.set(claims.service, { claims, entries });
    if (claims.closedToNode.length > 0) closed.set(claims.service, claims.closedToNode);
    for (const entry of entries) {
      enter(byKey, entry.key, entry);
      if (entry.claim.front !== undefined) enter(byFront, entry.claim.front, entry);
    }
  }

  function takeOut(service: string): void {
    const gone = new Set(byService.get(service)?.entries);
    byService.delete(service);
    closed.delete(service);
    for (const entry of gone) {
      leave(byKey, entry.key, gone);
      if (entry.claim.front !== undefined) leave(byFront, entry.claim.front, gone);
    }
  }

  function touchedBy(claims: readonly PortClaim[]): readonly string[] {
    const fronts = new Set(claims.flatMap(({ front }) => front ?? []));
    return [
      ...claims.map(({ element }) => keyOf(element)),
      ...[...fronts].flatMap(front => (byFront.get(front) ?? []).map(({ key }) => key)),
    ];
  }

  function count(keys: Iterable<string>, by: 1 | -1): void {
    for (const key of keys) {
      const element = byKey.get(key)?.find(stands)?.claim.element;
      if (element?.kind !== 'entry') continue;
      const size = (setSizes.get(element.set) ?? 0) + by;
      if (size === 0) setSizes.delete(element.set);
      else setSizes.set(element.set, size);
    }
  }

  function replace(service: string, claims: ServiceClaims | undefined): ReadonlySet<string> {
    const before = byService.get(service)?.claims.claims ?? [];
    const touched = new Set([...touchedBy(before), ...touchedBy(claims?.claims ?? [])]);
    count(touched, -1);
    takeOut(service);
    if (claims !== undefined) insert(claims);
    count(touched, 1);
    return touched;
  }

  for (const claims of services) insert(claims);
  count(byKey.keys(), 1);
  return {
    replace,
    wanted,
    setSizes,
    closedToNode: () => [...closed.values()].flat(),
    claims: () => sum(byService, byKey.keys(), wanted, holderOf),
  };
}

const reasonOf = ({ claim }: Entry): Reason => ({ servicePort: claim.servicePort, why: claim.why });

/** The oldest Service's entry first, and of one Service's those that come first. */
function enter(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [entry]);
  else {
    const younger = known.findIndex(({ order }) => order > entry.order);
    known.splice(younger < 0 ? known.length : younger, 0, entry);
  }
}

function leave(index: Map<string, Entry[]>, key: string, gone: ReadonlySet<Entry>): void {
  const left = index.get(key)?.filter(entry => !gone.has(entry)) ?? [];
  if (left.length === 0) index.delete(key);
  else index.set(key, left);
}

type ByService = ReadonlyMap<string, { readonly claims: ServiceClaims; readonly entries: readonly Entry[] }>;

function sum(
  byService: ByService,
  keys: Iterable<string>,
  wanted: Ledger['wanted'],
  holderOf: (front: string) => string | undefined,
): Claims {
  const all = new Map<string, Wanted>();
  for (const key of keys) {
    const found = wanted(key);
    if (found !== undefined) all.set(key, found);
  }
  const services = [...byService.values()];
  return {
    wanted: all,
    conflicts: conflictsOf(
      services.flatMap(({ entries }) => entries),
      holderOf,
    ),
    problems: [...new Set(services.flatMap(({ claims }) => claims.problems))],
    closedToNode: services.flatMap(({ claims }) => claims.closedToNode),
  };
}

function conflictsOf(entries: readonly Entry[], holderOf: (front: string) => string | undefined): readonly Conflict[] {
  const conflicts = new Map<string, Conflict>();
  for (const { claim } of entries) {
    const { front, servicePort } = claim;
    if (front === undefined) continue;
    const holder = holderOf(front) ?? servicePort;
    if (holder !== servicePort) conflicts.set(`${front} ${servicePort}`, { servicePort, holder, front });
  }
  return [...conflicts.values()];
}
