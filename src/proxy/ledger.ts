import { virtualServerKey } from '../node/kinds/virtual-server.js';
import type { Claim, Standing } from './claim.js';
import type { Claims, Conflict, Wanted } from './claims.js';
import type { ClosedVip, ServiceClaims } from './service-claims.js';
import { Slots } from './slots.js';

/**
 * Who asks for which element. The elements of a node are the sum of what its Services ask for, and one Service's part can be taken out and put in anew
 * without looking at the others.
 */
export class Ledger {
  readonly #services = new Map<string, ServiceClaims>();
  readonly #byKey = new Slots<Claim>(({ standing }) => standing.order);
  readonly #byFront = new Slots<FrontStanding>(({ order }) => order);
  readonly #setSizes = new Map<string, number>();
  readonly #closed = new Map<string, readonly ClosedVip[]>();

  constructor(services: readonly ServiceClaims[]) {
    for (const claims of services) this.#insert(claims);
    this.#byKey.forEachKey(key => this.#countOne(key, 1));
  }

  /** Puts a Service's claims in the place of those that it had; undefined takes them out. Gives the keys of all elements that may have become others. */
  replace(service: string, claims: ServiceClaims | undefined): ReadonlySet<string> {
    const before = this.#services.get(service)?.claims ?? [];
    const touched = new Set([...this.#touchedBy(before), ...this.#touchedBy(claims?.claims ?? [])]);
    this.#count(touched, -1);
    this.#takeOut(service);
    if (claims !== undefined) this.#insert(claims);
    this.#count(touched, 1);
    return touched;
  }

  /** An element with everyone who asks for it; undefined where nobody does. */
  wanted(key: string): Wanted | undefined {
    const only = this.#byKey.only(key);
    if (only !== undefined) return this.#stands(only) ? only : undefined;
    const standing = this.#byKey.all(key).filter(claim => this.#stands(claim));
    const first = standing[0];
    return first && { element: first.element, reasons: standing.flatMap(({ reasons }) => reasons) };
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
    this.#byKey.forEachKey(key => {
      const found = this.wanted(key);
      if (found !== undefined) wanted.set(key, found);
    });
    return {
      wanted,
      conflicts: this.#conflicts(),
      problems: [...new Set([...this.#services.values()].flatMap(({ problems }) => problems))],
      closedToNode: this.closedToNode(),
    };
  }

  #conflicts(): readonly Conflict[] {
    const conflicts = new Map<string, Conflict>();
    this.#byFront.forEachShared((front, standings) => {
      const holder = this.#holderOf(front) ?? '';
      for (const { servicePort } of standings)
        if (holder !== servicePort) conflicts.set(`${front} ${servicePort}`, { servicePort, holder, front });
    });
    return [...conflicts.values()];
  }

  /** Of several Service ports that want one virtual server the oldest has it. */
  #holderOf(front: string): string | undefined {
    return this.#byFront.first(front)?.servicePort;
  }

  #stands({ standing }: Claim): boolean {
    return standing.front === undefined || this.#holderOf(standing.front) === standing.servicePort;
  }

  #insert(claims: ServiceClaims): void {
    this.#services.set(claims.service, claims);
    if (claims.closedToNode.length > 0) this.#closed.set(claims.service, claims.closedToNode);
    for (const claim of claims.claims) this.#byKey.enter(claim.key, claim);
    for (const standing of standingsOf(claims.claims)) this.#byFront.enter(standing.front, standing);
  }

  #takeOut(service: string): void {
    const claims = this.#services.get(service)?.claims ?? [];
    this.#services.delete(service);
    this.#closed.delete(service);
    const gone = new Set(claims);
    for (const { key } of claims) this.#byKey.leave(key, gone);
    const standings = standingsOf(claims);
    for (const { front } of standings) this.#byFront.leave(front, standings);
  }

  /** The claims' own keys, and those of other Services' claims at the same virtual servers. */
  #touchedBy(claims: readonly Claim[]): readonly string[] {
    const rivals = [...standingsOf(claims)].flatMap(({ front }) => this.#byFront.all(front));
    return [...claims, ...rivals.flatMap(rival => this.#claimsWith(rival))].map(({ key }) => key);
  }

  #claimsWith(rival: Standing): readonly Claim[] {
    return (this.#services.get(rival.service)?.claims ?? []).filter(({ standing }) => standing === rival);
  }

  #count(keys: Iterable<string>, by: 1 | -1): void {
    for (const key of keys) this.#countOne(key, by);
  }

  #countOne(key: string, by: 1 | -1): void {
    const element = this.wanted(key)?.element;
    if (element?.kind !== 'entry') return;
    const size = (this.#setSizes.get(element.set) ?? 0) + by;
    if (size === 0) this.#setSizes.delete(element.set);
    else this.#setSizes.set(element.set, size);
  }
}

/** One that is tied to a virtual server. */
type FrontStanding = Standing & { readonly front: string };

const hasFront = (standing: Standing): standing is FrontStanding => standing.front !== undefined;

/** The standings that are tied to a virtual server, each once. */
function standingsOf(claims: readonly Claim[]): ReadonlySet<FrontStanding> {
  const standings = new Set<FrontStanding>();
  for (const { standing } of claims) if (hasFront(standing)) standings.add(standing);
  return standings;
}
