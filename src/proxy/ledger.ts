import type { Element, Reason, Reasons } from '../node/element.js';
import type { Keyed, Known } from '../node/filled-state.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import type { Claim, Standing } from './claim.js';
import type { Claims, Conflict } from './claims.js';
import type { ClosedVip, ServiceClaims } from './service-claims.js';
import { isList, type Slot, Slots } from './slots.js';

/**
 * Who asks for which element. The elements of a node are the sum of what its Services ask for, and one Service's part can be taken out and put in anew
 * without looking at the others.
 */
export class Ledger implements Known {
  /** Made when asked for: hardly ever does anybody. */
  readonly reasons: Reasons = { get: key => this.#reasonsOf(key) };
  readonly #services = new Map<string, ServiceClaims>();
  readonly #byKey = new Slots<Claim>(({ standing }) => standing.order);
  /** The virtual servers that several Service ports want: hardly ever are there any. */
  readonly #contested = new Set<string>();
  readonly #setSizes = new Map<string, number>();
  readonly #closed = new Map<string, readonly ClosedVip[]>();

  constructor(services: readonly ServiceClaims[]) {
    for (const claims of services) this.#insert(claims);
    this.forEach(element => void this.#count(element, 1));
  }

  /** Puts a Service's claims in the place of those that it had; undefined takes them out. Gives the keys of all elements that may have become others. */
  replace(service: string, claims: ServiceClaims | undefined): ReadonlySet<string> {
    const before = this.#claimsOf(service);
    const touched = new Set([...this.#touchedBy(before), ...this.#touchedBy(claims?.claims ?? [])]);
    for (const key of touched) this.#count(this.get(key), -1);
    this.#takeOut(service);
    if (claims !== undefined) this.#insert(claims);
    for (const key of touched) this.#count(this.get(key), 1);
    return touched;
  }

  get(key: string): Element | undefined {
    return this.find(key)?.element;
  }

  find(key: string): Keyed | undefined {
    const claims = this.#byKey.get(key);
    return claims && this.#standingIn(claims);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  forEach(visit: (element: Element, key: string) => void): void {
    this.#byKey.forEach((claims, key) => {
      const claim = this.#standingIn(claims);
      if (claim !== undefined) visit(claim.element, key);
    });
  }

  /** The first of one element's claims that has not fallen. */
  #standingIn(claims: Slot<Claim>): Claim | undefined {
    if (isList(claims)) return claims.find(claim => this.#stands(claim));
    return this.#stands(claims) ? claims : undefined;
  }

  /** Those of everyone who asks for an element. */
  #reasonsOf(key: string): readonly Reason[] | undefined {
    const standing = this.#byKey.all(key).filter(claim => this.#stands(claim));
    return standing.length === 0 ? undefined : standing.map(reasonOf);
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

  /** The sum of everything. It holds until a Service's claims are replaced: the elements are looked up here, since a copy would be as large as all this. */
  claims(): Claims {
    return {
      elements: this,
      asked: this,
      reasons: this.reasons,
      setSizes: this.#setSizes,
      conflicts: this.#conflicts(),
      problems: [...new Set([...this.#services.values()].flatMap(({ problems }) => problems))],
      closedToNode: this.closedToNode(),
    };
  }

  #conflicts(): readonly Conflict[] {
    const conflicts = new Map<string, Conflict>();
    // In the order in which the virtual servers came.
    const fronts = this.#contested.size === 0 ? [] : this.#byKey.keysIn(this.#contested);
    for (const front of fronts) {
      const holder = this.#holderOf(front) ?? '';
      for (const { standing } of this.#byKey.all(front))
        if (holder !== standing.servicePort)
          conflicts.set(`${front} ${standing.servicePort}`, { servicePort: standing.servicePort, holder, front });
    }
    return [...conflicts.values()];
  }

  /** Of several Service ports that want one virtual server the oldest has it. */
  #holderOf(front: string): string | undefined {
    return this.#byKey.first(front)?.standing.servicePort;
  }

  #stands({ standing }: Claim): boolean {
    const { front } = standing;
    return (
      this.#contested.size === 0 ||
      front === undefined ||
      !this.#contested.has(front) ||
      this.#holderOf(front) === standing.servicePort
    );
  }

  #insert(claims: ServiceClaims): void {
    this.#services.set(claims.service, claims);
    if (claims.closedToNode.length > 0) this.#closed.set(claims.service, claims.closedToNode);
    claims.claims.forEach(claim => {
      this.#byKey.enter(claim.key, claim);
      if (isForVirtualServer(claim) && this.#byKey.isShared(claim.key)) this.#contested.add(claim.key);
    });
  }

  #takeOut(service: string): void {
    const gone = new Set(this.#claimsOf(service));
    this.#services.delete(service);
    this.#closed.delete(service);
    for (const { key } of gone) {
      this.#byKey.leave(key, gone);
      if (!this.#byKey.isShared(key)) this.#contested.delete(key);
    }
  }

  #claimsOf(service: string): readonly Claim[] {
    return this.#services.get(service)?.claims ?? [];
  }

  /** The claims' own keys, and those of other Services' claims at the same virtual servers. */
  #touchedBy(claims: readonly Claim[]): readonly string[] {
    const rivals = claims.filter(isForVirtualServer).flatMap(({ key }) => this.#byKey.all(key));
    return [...claims, ...rivals.flatMap(({ standing }) => this.#claimsWith(standing))].map(({ key }) => key);
  }

  #claimsWith(rival: Standing): readonly Claim[] {
    return this.#claimsOf(rival.service).filter(({ standing }) => standing === rival);
  }

  #count(element: Element | undefined, by: 1 | -1): void {
    if (element?.kind !== 'entry') return;
    const size = (this.#setSizes.get(element.set) ?? 0) + by;
    if (size === 0) this.#setSizes.delete(element.set);
    else this.#setSizes.set(element.set, size);
  }
}

const isForVirtualServer = ({ element }: Claim): boolean => element.kind === 'virtual-server';

const reasonOf = ({ standing, why }: Claim): Reason => ({ servicePort: standing.servicePort, why });
