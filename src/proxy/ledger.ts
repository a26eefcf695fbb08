import type { InParts } from '../breath.js';
import { firstLines } from '../cluster/problems.js';
import type { Family } from '../net/address.js';
import type { Element } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import type { Reason } from '../node/reason.js';
import type { Refusal } from '../node/refusal.js';
import type { ElementLookup } from '../node/state.js';
import type { Claim, Claimant } from './claim.js';
import { SortedMultimap } from './multimap.js';
import type { Title } from './precedence.js';
import type { ClosedVip, ServiceClaims } from './service-claims.js';
import { vipKey } from './virtual-server.js';
import { type RefusedClaim, refusedLine } from './without-refused.js';

/** A Service with more claims is large. Few real ones are. */
const manyClaims = 2_000;

/** Which Services are so large that the others should not wait for them. */
export interface LargeServices {
  /** False in nearly every cluster. */
  readonly hasLarge: boolean;
  /** Returns true for an element that only large Services claim. */
  isOfLarge(key: string): boolean;
}

/** A Service port that claimed a virtual server which another Service owns. */
export interface Conflict {
  readonly servicePort: string;
  /** How the Service port comes to the virtual server's address and port. */
  readonly title: Title;
  readonly owner: string;
  readonly ownerTitle: Title;
  /** The virtual server's key. */
  readonly virtualServer: string;
}

/**
 * The sum of what all Services claim. Elements are keyed, and an element that two Services claim is there once, with
 * two reasons. The claims of one Service can be replaced without looking at the others.
 */
export class Ledger implements ElementLookup, LargeServices {
  readonly #services = new Map<string, ServiceClaims>();
  readonly #byKey = new SortedMultimap<Claim>(({ claimant }) => claimant.order);
  /** The virtual servers that several Service ports claim. There are rarely any. */
  readonly #contested = new Set<string>();
  readonly #setSizes = new Map<string, number>();
  readonly #closed = new Map<string, readonly ClosedVip[]>();
  readonly #problems = new Map<string, readonly string[]>();
  readonly #warnings = new Map<string, readonly string[]>();
  readonly #refused = new Map<string, readonly RefusedClaim[]>();
  readonly #leftOut = new Map<string, readonly Family[]>();
  readonly #incomplete = new Set<string>();
  readonly #large = new Set<string>();

  /** @param services in the order in which the script shows them */
  constructor(services: readonly ServiceClaims[]) {
    for (const claims of services) this.#insert(claims);
    this.forEach(element => void this.#count(element, 1));
  }

  /**
   * Replaces the claims of a Service; undefined removes them.
   * @returns the keys of all elements that may have changed
   */
  replace(service: string, claims: ServiceClaims | undefined): ReadonlySet<string> {
    const before = this.#claimsOf(service);
    const touched = new Set([...this.#keysTouchedBy(before), ...this.#keysTouchedBy(claims?.claims ?? [])]);
    for (const key of touched) this.#count(this.get(key), -1);
    this.#remove(service);
    if (claims !== undefined) this.#insert(claims);
    for (const key of touched) this.#count(this.get(key), 1);
    return touched;
  }

  get(key: string): Element | undefined {
    return this.find(key)?.element;
  }

  /** Returns the first valid claim of an element. Its key and element can be shared with whatever needs them too. */
  find(key: string): Claim | undefined {
    return this.#byKey.find(key, this.#isValid);
  }

  has(key: string): boolean {
    return this.find(key) !== undefined;
  }

  forEach(visit: (element: Element, key: string) => void): void {
    this.#byKey.forEachFirst(this.#isValid, ({ element }, key) => visit(element, key));
  }

  visitInParts(visit: (element: Element, key: string) => void): InParts<void> {
    return this.#byKey.visitFirstInParts(this.#isValid, ({ element }, key) => visit(element, key));
  }

  get hasLarge(): boolean {
    return this.#large.size > 0;
  }

  isOfLarge(key: string): boolean {
    const all = this.#byKey.all(key);
    return all.length > 0 && all.every(({ claimant }) => this.#large.has(claimant.service));
  }

  /** Returns true for an address that is the cluster IP of a Service. */
  isClusterIp(address: string): boolean {
    return this.find(vipKey(address))?.claimant.title === 'cluster IP';
  }

  /** Returns true for the key of a virtual server that a Service claims as its node port. */
  isNodePort(key: string): boolean {
    return this.find(key)?.claimant.title === 'node port';
  }

  /** Returns the reasons of all Service ports that claim an element. Computed on demand; rarely needed. */
  reasonsOf(key: string): readonly Reason[] {
    return this.#byKey.all(key).filter(this.#isValid).map(reasonOf);
  }

  /** The number of claimed entries of each set, by its kernel name. */
  get setSizes(): ReadonlyMap<string, number> {
    return this.#setSizes;
  }

  /** Returns the load balancer VIPs that are closed to the node itself, if their Service owns them. */
  closedToNode(): readonly ClosedVip[] {
    const isOwner = (vip: ClosedVip) => this.#ownerOf(virtualServerKey(vip)) === vip.servicePort;
    return [...this.#closed.values()].flat().filter(isOwner);
  }

  /** Returns what Services want and cannot have, in lines for the user, by `namespace/name`. */
  problems(): ReadonlyMap<string, readonly string[]> {
    const all = new Map(this.#problems);
    for (const [service, lines] of this.#refusedLines()) all.set(service, [...(all.get(service) ?? []), ...lines]);
    return all;
  }

  /** Returns what is served although it may harm this node, in lines for the user, by `namespace/name`. */
  warnings(): ReadonlyMap<string, readonly string[]> {
    return this.#warnings;
  }

  /** Returns what Services claim and the node refuses. */
  refusals(): readonly Refusal[] {
    return [...new Set(this.#refusedClaims().map(({ refusal }) => refusal))];
  }

  /** Returns a line for each refusal. A Service with a thousand of them must not hide what is said of others. */
  refusedLines(): readonly string[] {
    return this.#refusedLines().flatMap(([, lines]) => lines);
  }

  #refusedLines(): readonly (readonly [string, readonly string[]])[] {
    return Array.from(this.#refused, ([service, claims]) => [
      service,
      firstLines([...new Set(claims.map(refusedLine))], `such lines about Service ${service}`),
    ]);
  }

  #refusedClaims(): readonly RefusedClaim[] {
    return [...this.#refused.values()].flat();
  }

  /** Returns the families of Services that this node cannot serve. */
  leftOut(): ReadonlySet<Family> {
    return new Set([...this.#leftOut.values()].flat());
  }

  /** The Services, by `namespace/name`, that lack a part without which their claims are not known. */
  get incomplete(): ReadonlySet<string> {
    return this.#incomplete;
  }

  /** Returns true if any Service claims anything. */
  hasClaims(): boolean {
    for (const { claims } of this.#services.values()) if (claims.length > 0) return true;
    return false;
  }

  conflicts(): readonly Conflict[] {
    const conflicts = new Map<string, Conflict>();
    for (const virtualServer of [...this.#contested].sort()) {
      const [first, ...others] = this.#byKey.all(virtualServer);
      for (const { claimant } of others) {
        const conflict = conflictOf(first?.claimant, claimant);
        if (conflict !== undefined) conflicts.set(`${virtualServer} ${claimant.servicePort}`, conflict);
      }
    }
    return [...conflicts.values()];
  }

  /** The first of the Service ports that claim a virtual server owns it (`precedence.ts`). */
  #ownerOf(virtualServer: string): string | undefined {
    return this.#byKey.first(virtualServer)?.claimant.servicePort;
  }

  readonly #isValid = ({ claimant }: Claim): boolean => {
    const { virtualServer } = claimant;
    return (
      this.#contested.size === 0 ||
      virtualServer === undefined ||
      !this.#contested.has(virtualServer) ||
      this.#ownerOf(virtualServer) === claimant.servicePort
    );
  };

  #insert(claims: ServiceClaims): void {
    const { service, closedToNode, isIncomplete, leftOut, problems, refused, warnings } = claims;
    this.#services.set(service, claims);
    if (closedToNode.length > 0) this.#closed.set(service, closedToNode);
    if (problems.length > 0) this.#problems.set(service, problems);
    if (warnings.length > 0) this.#warnings.set(service, warnings);
    if (refused.length > 0) this.#refused.set(service, refused);
    if (leftOut.length > 0) this.#leftOut.set(service, leftOut);
    if (isIncomplete) this.#incomplete.add(service);
    if (claims.claims.length > manyClaims) this.#large.add(service);
    claims.claims.forEach(claim => {
      this.#byKey.add(claim.key, claim);
      if (isForVirtualServer(claim) && this.#byKey.isShared(claim.key)) this.#contested.add(claim.key);
    });
  }

  #remove(service: string): void {
    const removed = new Set(this.#claimsOf(service));
    this.#services.delete(service);
    this.#closed.delete(service);
    this.#problems.delete(service);
    this.#warnings.delete(service);
    this.#refused.delete(service);
    this.#leftOut.delete(service);
    this.#incomplete.delete(service);
    this.#large.delete(service);
    for (const { key } of removed) {
      this.#byKey.remove(key, removed);
      if (!this.#byKey.isShared(key)) this.#contested.delete(key);
    }
  }

  #claimsOf(service: string): readonly Claim[] {
    return this.#services.get(service)?.claims ?? [];
  }

  /** Returns the claims' own keys, and those of other Services' claims that depend on the same virtual servers. */
  #keysTouchedBy(claims: readonly Claim[]): readonly string[] {
    const touched = claims.map(({ key }) => key);
    const own = new Set(claims.map(({ claimant }) => claimant));
    const rivals = new Set<Claimant>();
    for (const claim of claims)
      if (isForVirtualServer(claim))
        for (const { claimant } of this.#byKey.all(claim.key)) if (!own.has(claimant)) rivals.add(claimant);
    // Each Service is searched once: a large one may contest a virtual server with each of its ports.
    for (const service of new Set(Array.from(rivals, rival => rival.service)))
      for (const { claimant, key } of this.#claimsOf(service)) if (rivals.has(claimant)) touched.push(key);
    return touched;
  }

  #count(element: Element | undefined, by: 1 | -1): void {
    if (element?.kind !== 'entry') return;
    const size = (this.#setSizes.get(element.set) ?? 0) + by;
    if (size === 0) this.#setSizes.delete(element.set);
    else this.#setSizes.set(element.set, size);
  }
}

function conflictOf(owner: Claimant | undefined, loser: Claimant): Conflict | undefined {
  const { servicePort, title, virtualServer } = loser;
  if (owner?.title === undefined || title === undefined || virtualServer === undefined) return undefined;
  if (servicePort === owner.servicePort) return undefined;
  return { servicePort, title, owner: owner.servicePort, ownerTitle: owner.title, virtualServer };
}

const isForVirtualServer = ({ element }: Claim): boolean => element.kind === 'virtual-server';

const reasonOf = ({ claimant, why }: Claim): Reason => ({ servicePort: claimant.servicePort, why });
