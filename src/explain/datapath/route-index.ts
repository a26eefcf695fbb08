import { type Family, hostPrefix } from '../../net/address.js';
import { prefixLength } from '../../net/network.js';
import { NetworkMap } from '../../net/network-map.js';
import type { Route } from '../../node/datapath/datapath.js';

/** Finds the routes whose destination contains an address. */
export type FindRoutes = (family: Family, table: string, address: string) => readonly Route[];

interface TableRoutes {
  /** Routes to one address each. A node has one for every VIP. */
  readonly hosts: ReadonlyMap<string, readonly Route[]>;
  readonly networks: NetworkMap<Route>;
}

/** Indexes routes by table, so that a lookup does not depend on the number of VIPs. */
export function indexRoutes(routes: readonly Route[]): FindRoutes {
  const tables = new Map(
    Array.from(
      groupBy(routes, ({ family, table }) => `${family} ${table}`),
      ([name, all]) => [name, tableRoutes(all)] as const,
    ),
  );
  return (family, table, address) => {
    const found = tables.get(`${family} ${table}`);
    return found === undefined ? [] : [...(found.hosts.get(address) ?? []), ...found.networks.find(address)];
  };
}

const isToHost = ({ destination, family }: Route): boolean => prefixLength(destination) === hostPrefix(family);
const addressOf = (destination: string): string => destination.slice(0, destination.indexOf('/'));

const tableRoutes = (routes: readonly Route[]): TableRoutes => ({
  hosts: groupBy(routes.filter(isToHost), ({ destination }) => addressOf(destination)),
  networks: new NetworkMap(
    routes.filter(route => !isToHost(route)),
    ({ destination }) => destination,
  ),
});

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
