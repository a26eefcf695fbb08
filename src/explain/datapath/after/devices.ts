import { familyOf } from '../../../net/address.js';
import { hostNetwork } from '../../../net/network.js';
import type { Change } from '../../../node/change.js';
import type { Datapath, DatapathLink, LinkAddress, Route } from '../../../node/datapath/datapath.js';
import type { Address, Link } from '../../../node/element.js';
import { Draft } from './draft.js';

const keyOfRoute = ({ family, table, type, destination, metric, hops }: Route): string =>
  [family, table, type, destination, metric, ...hops.map(({ device, gateway }) => `${device} ${gateway}`)].join(' ');

/**
 * Returns the route by which the kernel delivers packets to an address of its own. It exists even if the device of the
 * address is down, as kube-ipvs0 always is.
 */
export const localRoute = (address: string, device: string): Route => ({
  family: familyOf(address),
  table: 'local',
  type: 'local',
  destination: hostNetwork(address),
  metric: 0,
  hops: [{ device }],
  source: address,
});

/** The devices, their addresses and the routes to these, while changes are made to them. */
export class DevicesDraft {
  readonly #links: Draft<DatapathLink>;
  readonly #routes: Draft<Route>;
  /** The addresses of each device that has changed. One address may be there twice, with different peers. */
  readonly #addresses = new Map<string, LinkAddress[]>();

  constructor({ links, routes }: Datapath) {
    this.#links = new Draft(links, ({ name }) => name);
    this.#routes = new Draft(routes, keyOfRoute);
  }

  /** A device takes its addresses and routes along when it is removed or recreated. A new one is down. */
  link(change: Change<Link>): void {
    if (change.verb !== 'add') this.#removeLink(change.before.name);
    if (change.verb === 'remove') return;
    const { name, type } = change.after;
    this.#links.put({ name, type, isUp: false, addresses: [] });
  }

  /** The kernel refuses addresses of a device that does not exist. */
  address(change: Change<Address>): void {
    if (change.verb !== 'add') this.#remove(change.before);
    if (change.verb === 'remove') return;
    const { link, address, prefix } = change.after;
    const addresses = this.#addressesOf(link);
    if (addresses === undefined) return;
    addresses.push({ address, prefix, scope: 'global' });
    if (this.#localRouteOf(address, link) === undefined) this.#routes.put(localRoute(address, link));
  }

  links(): readonly DatapathLink[] {
    for (const [name, addresses] of this.#addresses) {
      const link = this.#links.get(name);
      if (link !== undefined) this.#links.put({ ...link, addresses: [...addresses] });
    }
    return this.#links.result();
  }

  routes(): readonly Route[] {
    return this.#routes.result();
  }

  #remove({ link, address, prefix }: Address): void {
    const addresses = this.#addressesOf(link) ?? [];
    const at = addresses.findIndex(one => one.address === address && one.prefix === prefix);
    if (at >= 0) addresses.splice(at, 1);
    if (addresses.some(other => other.address === address)) return;
    const route = this.#localRouteOf(address, link);
    if (route !== undefined) this.#routes.remove(keyOfRoute(route));
  }

  #localRouteOf(address: string, link: string): Route | undefined {
    const wanted = localRoute(address, link);
    return this.#routes.get(keyOfRoute(wanted));
  }

  #removeLink(name: string): void {
    this.#links.remove(name);
    this.#addresses.delete(name);
    for (const route of this.#routes.result())
      if (route.hops.length > 0 && route.hops.every(({ device }) => device === name))
        this.#routes.remove(keyOfRoute(route));
  }

  #addressesOf(name: string): LinkAddress[] | undefined {
    const known = this.#addresses.get(name);
    if (known !== undefined) return known;
    const link = this.#links.get(name);
    if (link === undefined) return undefined;
    const addresses = [...link.addresses];
    this.#addresses.set(name, addresses);
    return addresses;
  }
}
