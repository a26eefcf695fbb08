import type { Reason } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import type { Claims, Conflict, Wanted } from './claims.js';
import type { ClosedVip, PortClaim, ServiceClaims } from './service-claims.js';

interface Entry {
  readonly key: string;
  readonly claim: PortClaim;
  readonly order: string;
}

interface Page {
  readonly claims: ServiceClaims;
  readonly entries: readonly Entry[];
}

/** Most keys have one entry, and an array for each would be a tenth of a node's memory. */
type Slot = Entry | Entry[];

/**
 * Who asks for which element. The elements of a node are the sum of what its Services ask for, and one Service's part can be taken out and put in anew
 * without looking at the others.
 */
export class Ledger {
  readonly #pages = new Map<string, Page>();
  readonly #byKey = new Map<string, Slot>();
  readonly #byFront = new Map<string, Slot>();
  readonly #setSizes = new Map<string, number>();
  readonly #closed = new Map<string, readonly ClosedVip[]>();

  constructor(services: readonly ServiceClaims[]) {
    for (const claims of services) this.#insert(claims);
    this.#count(this.#byKey.keys(), 1);
  }

  /** Puts a Service's claims in the place of those that it had; undefined takes them out. Gives the keys of all elements that may have become others. */
  replace(service: string, claims: ServiceClaims | undefined): ReadonlySet<string> {
    const before = this.#pages.get(service)?.claims.claims ?? [];
    const touched = new Set([...this.#touchedBy(before), ...this.#touchedBy(claims?.claims ?? [])]);
    this.#count(touched, -1);
    this.#takeOut(service);
    if (claims !== undefined) this.#insert(claims);
    this.#count(touched, 1);
    return touched;
  }

  /** An element with everyone who asks for it; undefined where nobody does. */
  wanted(key: string): Wanted | undefined {
    const standing = entriesIn(this.#byKey.get(key)).filter(entry => this.#stands(entry));
    const first = standing[0];
    return first && { element: first.claim.element, reasons: standing.map(reasonOf) };
  }

  /** Kernel name of each set → how many entries are asked for. */
  get setSizes(): ReadonlyMap<string, number> {
    return this.#setSizes;
  }

  /** The load balancer VIPs that are closed to the node itself, by the Services that hold them. */
  closedToNode(): readonly ClosedVip[] {
    const holds = (vip: ClosedVip) => this.#holderOf(virtualServerKey(vip)) === vip.servicePort;
    return [...this.#closed.values()].flat().filter(holds);
  }

  /** The sum of everything. */
  claims(): Claims {
    const wanted = new Map<string, Wanted>();
    for (const key of this.#byKey.keys()) {
      const found = this.wanted(key);
      if (found !== undefined) wanted.set(key, found);
    }
    const pages = [...this.#pages.values()];
    return {
      wanted,
      conflicts: this.#conflicts(),
      problems: [...new Set(pages.flatMap(({ claims }) => claims.problems))],
      closedToNode: this.closedToNode(),
    };
  }

  #conflicts(): readonly Conflict[] {
    const conflicts = new Map<string, Conflict>();
    for (const [front, slot] of this.#byFront)
      for (const { claim } of entriesIn(slot)) {
        const { servicePort } = claim;
        const holder = this.#holderOf(front) ?? servicePort;
        if (holder !== servicePort) conflicts.set(`${front} ${servicePort}`, { servicePort, holder, front });
      }
    return [...conflicts.values()];
  }

  /** Of several Service ports that want one virtual server the oldest has it. */
  #holderOf(front: string): string | undefined {
    return entriesIn(this.#byFront.get(front))[0]?.claim.servicePort;
  }

  #stands({ claim }: Entry): boolean {
    return claim.front === undefined || this.#holderOf(claim.front) === claim.servicePort;
  }

  #insert(claims: ServiceClaims): void {
    const entries = claims.claims.map(claim => ({ key: keyOf(claim.element), claim, order: claims.order }));
    this.#pages.set(claims.service, { claims, entries });
    if (claims.closedToNode.length > 0) this.#closed.set(claims.service, claims.closedToNode);
    for (const entry of entries) {
      enter(this.#byKey, entry.key, entry);
      if (entry.claim.front !== undefined) enter(this.#byFront, entry.claim.front, entry);
    }
  }

  #takeOut(service: string): void {
    const gone = new Set(this.#pages.get(service)?.entries);
    this.#pages.delete(service);
    this.#closed.delete(service);
    for (const entry of gone) {
      leave(this.#byKey, entry.key, gone);
      if (entry.claim.front !== undefined) leave(this.#byFront, entry.claim.front, gone);
    }
  }

  #touchedBy(claims: readonly PortClaim[]): readonly string[] {
    const fronts = new Set(claims.flatMap(({ front }) => front ?? []));
    return [
      ...claims.map(({ element }) => keyOf(element)),
      ...[...fronts].flatMap(front => entriesIn(this.#byFront.get(front)).map(({ key }) => key)),
    ];
  }

  #count(keys: Iterable<string>, by: 1 | -1): void {
    for (const key of keys) {
      const element = entriesIn(this.#byKey.get(key)).find(entry => this.#stands(entry))?.claim.element;
      if (element?.kind !== 'entry') continue;
      const size = (this.#setSizes.get(element.set) ?? 0) + by;
      if (size === 0) this.#setSizes.delete(element.set);
      else this.#setSizes.set(element.set, size);
    }
  }
}

const reasonOf = ({ claim }: Entry): Reason => ({ servicePort: claim.servicePort, why: claim.why });

const isList = (slot: Slot): slot is Entry[] => Array.isArray(slot);

function entriesIn(slot: Slot | undefined): readonly Entry[] {
  if (slot === undefined) return [];
  return isList(slot) ? slot : [slot];
}

/** The oldest Service's entry first, and of one Service's those that come first. A Service with thousands of source ranges has as many entries at one front. */
function enter(index: Map<string, Slot>, key: string, entry: Entry): void {
  const known = index.get(key);
  if (known === undefined) {
    index.set(key, entry);
    return;
  }
  const entries = isList(known) ? known : [known];
  index.set(key, entries);
  const isYoungest = (entries.at(-1)?.order ?? '') <= entry.order;
  const place = isYoungest ? entries.length : entries.findIndex(({ order }) => order > entry.order);
  entries.splice(place, 0, entry);
}

function leave(index: Map<string, Slot>, key: string, gone: ReadonlySet<Entry>): void {
  const [first, ...others] = entriesIn(index.get(key)).filter(entry => !gone.has(entry));
  if (first === undefined) index.delete(key);
  else index.set(key, others.length === 0 ? first : [first, ...others]);
}
