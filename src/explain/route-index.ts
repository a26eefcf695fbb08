import { type Family, hostPrefix } from '../net/address.js';
import { addressBits, networkBits } from '../net/address-bits.js';
import type { Route } from '../node/datapath/datapath.js';

/** Finds the routes whose destination contains an address. */
export type FindRoutes = (family: Family, table: string, address: string) => Iterable<Route>;

interface TableRoutes {
  /** Routes to one address each. A node has one for every VIP. */
  readonly hosts: Map<string, Route[]>;
  readonly networks: { readonly route: Route; readonly value: bigint; readonly mask: bigint }[];
}

/** Indexes routes by table, so that a lookup does not depend on the number of VIPs. */
export function indexRoutes(routes: readonly Route[]): FindRoutes {
  const tables = new Map<string, TableRoutes>();
  for (const route of routes) {
    const key = `${route.family} ${route.table}`;
    const table = tables.get(key) ?? { hosts: new Map(), networks: [] };
    tables.set(key, table);
    add(table, route);
  }
  return function* (family, table, address) {
    const found = tables.get(`${family} ${table}`);
    if (found === undefined) return;
    yield* found.hosts.get(address) ?? [];
    const bits = addressBits(address);
    for (const { route, value, mask } of found.networks) if ((bits & mask) === value) yield route;
  };
}

function add({ hosts, networks }: TableRoutes, route: Route): void {
  const [address = '', prefix] = route.destination.split('/');
  if (Number(prefix) !== hostPrefix(route.family)) {
    const bits = networkBits(route.destination);
    if (bits !== undefined) networks.push({ route, ...bits });
    return;
  }
  const known = hosts.get(address);
  if (known === undefined) hosts.set(address, [route]);
  else known.push(route);
}
