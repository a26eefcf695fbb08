import type { Cluster, InvalidObject } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import type { Service } from '../cluster/schema/service.js';
import type { ObjectChange } from '../cluster/store.js';
import { unusableIn } from '../cluster/unusable.js';
import type { VirtualServerAddress } from '../node/element.js';
import { NamesByAddress } from './names-by-address.js';
import { askedAddresses, heldClusterIps } from './service-port.js';
import { TracedAddresses } from './traced-addresses.js';

/** The Services that are known, and the objects that may be Services and cannot be used. */
export interface KnownServices {
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, Service>;
  readonly unusable: readonly InvalidObject[];
}

/** Finds what Services hold although they may claim nothing there. A Service that asks is given by `namespace/name`. */
export interface FindHolder {
  /** Returns false if no other Service can hold anything at the address. */
  mayBeHeld(address: string, service: string): boolean;
  /** Returns the other Service that has the address as its cluster IP, by `namespace/name`. */
  otherHolderOf(address: string, service: string): string | undefined;
  /**
   * Returns another Service that cannot be used and has the address and port as a load balancer, by `namespace/name`.
   * Valid ones claim them.
   */
  otherBalancerOf(server: VirtualServerAddress, service: string): string | undefined;
}

/**
 * Knows which Services hold which cluster IPs: all that were read, also those that cannot be served, that ask for too
 * much, or that another proxy serves. What the API server has given to one stays its own on all ports, whether or not
 * this node serves it there. Also knows which load balancer addresses invalid Services have.
 *
 * A Service that was not read is not known here. The API server is not asked for Services with the label of another
 * proxy (`node-queries.ts`), and reports one that gets the label as removed, so its cluster IP counts as free; they are
 * known if they are read from files. If only one namespace is read, `unread-cluster-ips.ts` finds what others hold. An
 * invalid object that comes or goes without any other change is seen by the next sync.
 */
export class ClusterIpHolders implements FindHolder {
  readonly #holders = new NamesByAddress();
  /** The Services that ask for an address in another way. Few do. */
  readonly #asking = new NamesByAddress();
  readonly #traced = new TracedAddresses();

  constructor(services: Iterable<Service>, unusable: readonly InvalidObject[]) {
    for (const service of services) this.#insert(namespacedName(service.metadata), service);
    this.#traced.replace(unusable);
  }

  mayBeHeld(address: string, service: string): boolean {
    return this.#traced.has(address) || this.otherHolderOf(address, service) !== undefined;
  }

  otherHolderOf(address: string, service: string): string | undefined {
    const holders = this.#holders.of(address);
    if (holders.includes(service)) return undefined;
    // Only files can give one address to several Services. A valid one goes before one that cannot be used.
    return first(holders) ?? first(others(this.#traced.clusterIpOf(address), service));
  }

  otherBalancerOf(server: VirtualServerAddress, service: string): string | undefined {
    return first(others(this.#traced.balancedBy(server), service));
  }

  /**
   * Takes what has changed, and the unusable objects as they are now.
   * @returns the Services, by `namespace/name`, that ask for an address at which others hold more or less than before
   */
  update(changes: readonly ObjectChange[], { services, unusable }: KnownServices): ReadonlySet<string> {
    const moved = new Set<string>();
    for (const change of changes)
      if (change.kind === 'Service') for (const address of this.#replace(change, services)) moved.add(address);
    for (const address of this.#traced.replace(unusable)) moved.add(address);
    return new Set([...moved].flatMap(address => this.#asking.of(address)));
  }

  /** Changes may have been seen already, or be followed by others: the Service is taken as it is now. */
  #replace(
    { before, after }: Pick<ObjectChange<'Service'>, 'before' | 'after'>,
    services: ReadonlyMap<string, Service>,
  ): readonly string[] {
    const known = [before, after].filter(service => service !== undefined);
    const name = known[0] && namespacedName(known[0].metadata);
    if (name === undefined) return [];
    const now = services.get(name);
    const stays = new Set(now && heldClusterIps(now));
    const lost = known.flatMap(heldClusterIps).filter(address => !stays.has(address));
    const freed = lost.filter(address => this.#holders.remove(address, name));
    for (const address of known.flatMap(askedAddresses)) this.#asking.remove(address, name);
    return now === undefined ? freed : [...freed, ...this.#insert(name, now)];
  }

  /** @returns the addresses that the Service did not hold before */
  #insert(name: string, service: Service): readonly string[] {
    for (const address of askedAddresses(service)) this.#asking.add(address, name);
    return heldClusterIps(service).filter(address => this.#holders.add(address, name));
  }
}

const others = (names: readonly string[], service: string): readonly string[] => names.filter(name => name !== service);

const first = (names: readonly string[]): string | undefined => (names.length > 1 ? [...names].sort() : names)[0];

/** Returns the holders of a cluster that was read. */
export const holdersIn = (cluster: Cluster): ClusterIpHolders =>
  new ClusterIpHolders(cluster.services, unusableIn(cluster));
