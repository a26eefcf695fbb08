import type { Family } from '../../net/address.js';
import { familyOf, isLoopback } from '../../net/address.js';
import { isInNetwork } from '../../net/network.js';
import type {
  Datapath,
  DatapathLink,
  DatapathServer,
  Hop,
  LinkAddress,
  MatchSet,
  Route,
  RuleChain,
} from '../../node/datapath/datapath.js';
import type { VirtualServerAddress } from '../../node/element.js';
import { remembered } from '../remembered.js';
import { type FindRoutes, indexRoutes } from './route-index.js';

/** A node's datapath with what the walk looks up at every step. */
export interface DatapathIndex {
  readonly datapath: Datapath;
  set(name: string): MatchSet | undefined;
  chain(family: Family, table: string, name: string): RuleChain | undefined;
  link(name: string): DatapathLink | undefined;
  sysctl(path: string): string | undefined;
  server(address: VirtualServerAddress): DatapathServer | undefined;
  readonly routesTo: FindRoutes;
  /** Returns true if other machines are reached through a device, not Pods of this node. */
  isUplink(device: string): boolean;
  /** Returns true if the kernel delivers packets to this address to the node itself (the routes of type `local`). */
  isLocal(address: string): boolean;
  isBroadcast(address: string): boolean;
  /**
   * Returns the address that MASQUERADE gives packets that leave through a device towards the next hop, or undefined if
   * the device has none of the family.
   */
  masqueradeAddress(family: Family, device: string, nextHop: string): string | undefined;
  addressesOf(device: string): readonly LinkAddress[];
}

/**
 * Indexes a datapath. The result keeps the datapath and copies nothing of it. The index of each part is kept with it:
 * datapaths that differ in a few elements share all other parts.
 */
export function indexDatapath(datapath: Datapath): DatapathIndex {
  const sets = setsOf(datapath.sets);
  const links = linksOf(datapath.links);
  const servers = serversOf(datapath.virtualServers);
  const chains = chainsOf(datapath.tables);
  const routes = routesOf(datapath.routes);
  const addressesOf = (device: string) => links.get(device)?.addresses ?? [];
  const isLocal = (address: string) => routes.isLocal(address) || isLoopback(address);
  return {
    datapath,
    set: name => sets.get(name),
    chain: (family, table, name) => chains.get(`${family} ${table} ${name}`),
    link: name => links.get(name),
    sysctl: path => datapath.sysctls[path],
    server: address => servers.get(serverKey(address)),
    routesTo: routes.to,
    isUplink: device => routes.uplinks.has(device),
    isLocal,
    isBroadcast: routes.isBroadcast,
    masqueradeAddress: (family, device, nextHop) =>
      // IPv6 prefers the destination itself, if that is an address of the node (RFC 6724, rule 1).
      (family === 'IPv6' && isLocal(nextHop) ? nextHop : undefined) ??
      preferredAddress(addressesOf(device), family, nextHop) ??
      lentAddress(datapath.links, family, nextHop),
    addressesOf,
  };
}

const byKey = <Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item> =>
  new Map(items.map(item => [keyOf(item), item]));

const serverKey = ({ protocol, address, port }: VirtualServerAddress): string => `${protocol} ${address} ${port}`;

const setsOf = remembered((sets: Datapath['sets']) => byKey(sets, set => set.name));
const linksOf = remembered((links: Datapath['links']) => byKey(links, link => link.name));
const serversOf = remembered((all: Datapath['virtualServers']) => byKey(all, ({ server }) => serverKey(server)));

const chainsOf = remembered((tables: Datapath['tables']): ReadonlyMap<string, RuleChain> => {
  const chains = new Map<string, RuleChain>();
  for (const { family, name: table, chains: all } of tables)
    for (const chain of all) chains.set(`${family} ${table} ${chain.name}`, chain);
  return chains;
});

const routesOf = remembered((routes: Datapath['routes']) => ({
  to: indexRoutes(routes),
  isLocal: addressTest(routes.filter(isOfNode('local'))),
  isBroadcast: addressTest(routes.filter(isOfNode('broadcast'))),
  uplinks: uplinksOf(routes),
}));

/** Other tables may have such routes too, which only some packets find: one for all addresses leads to a proxy. */
const isOfNode =
  (wanted: string) =>
  ({ type, table }: Route): boolean =>
    type === wanted && table === 'local';

/**
 * Returns the devices through which a route leads to a gateway that is on the device's link. A gateway behind a tunnel
 * is not (`onlink`), and Pods of this node may be on the device beside it.
 */
function uplinksOf(routes: readonly Route[]): ReadonlySet<string> {
  const unicast = routes.filter(({ type }) => type === 'unicast');
  const linked = new Map<string, string[]>();
  for (const { destination, hops } of unicast)
    for (const { device, gateway } of hops)
      if (device !== undefined && gateway === undefined)
        linked.set(device, [...(linked.get(device) ?? []), destination]);
  const isUplink = ({ device, gateway }: Hop): boolean =>
    gateway !== undefined && (linked.get(device ?? '') ?? []).some(network => isInNetwork(gateway, network));
  return new Set(unicast.flatMap(({ hops }) => hops.filter(isUplink).flatMap(({ device }) => device ?? [])));
}

/** Most routes of a type are about one address each, and a node may have thousands of them. */
function addressTest(routes: readonly Route[]): (address: string) => boolean {
  const hosts = new Set<string>();
  const networks: string[] = [];
  for (const { destination } of routes) {
    const [address = '', prefix] = destination.split('/');
    if (prefix === '32' || prefix === '128') hosts.add(address);
    else networks.push(destination);
  }
  return address => hosts.has(address) || networks.some(network => isInNetwork(address, network));
}

/**
 * Returns the address that the kernel prefers for packets through a device (`inet_select_addr`): the first one that is
 * not secondary and whose network has the next hop, else the first one that other machines can use.
 */
export function preferredAddress(
  addresses: readonly LinkAddress[],
  family: Family,
  nextHop: string,
): string | undefined {
  const usable = addresses.filter(
    ({ address, scope, isSecondary }) => familyOf(address) === family && scope === 'global' && isSecondary !== true,
  );
  const near = usable.find(({ address, prefix }) => isInNetwork(nextHop, networkOf(address, prefix)));
  return (near ?? usable[0])?.address;
}

/** Returns what a device without an address of its own uses: the first one of another device. */
export function lentAddress(links: readonly DatapathLink[], family: Family, nextHop: string): string | undefined {
  for (const { addresses } of links) {
    const lent = preferredAddress(addresses, family, nextHop);
    if (lent !== undefined) return lent;
  }
  return undefined;
}

const networkOf = (address: string, prefix: number): string => `${address}/${prefix}`;
