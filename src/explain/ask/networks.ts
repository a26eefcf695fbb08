import { Address4, Address6 } from 'ip-address';
import { type Family, familyOf, hostPrefix, ipv6Text } from '../../net/address.js';
import { isInNetwork, prefixLength } from '../../net/network.js';
import type { Datapath, Hop, Route } from '../../node/datapath/datapath.js';

/** A route with one of its hops. */
export interface RouteHop extends Hop {
  readonly destination: string;
  readonly family: Family;
}

const isDefault = ({ destination }: Pick<Route, 'destination'>): boolean => destination.endsWith('/0');

/** Returns the hops of the main table's routes to networks, without the default routes. */
export const networkHops = ({ routes }: Datapath, family: Family): readonly RouteHop[] =>
  mainRoutes(routes, family)
    .filter(route => !isDefault(route))
    .flatMap(({ hops, destination }) => hops.map(hop => ({ ...hop, destination, family })));

/** Returns the devices that default routes leave through, in the kernel's order. */
export const uplinks = ({ routes }: Datapath, family: Family): readonly string[] =>
  mainRoutes(routes, family)
    .filter(isDefault)
    .toSorted((one, other) => one.metric - other.metric)
    .flatMap(({ hops }) => hops.flatMap(({ device }) => device ?? []));

const mainRoutes = (routes: readonly Route[], family: Family): readonly Route[] =>
  routes.filter(route => route.family === family && route.table === 'main' && route.type === 'unicast');

/** Returns the most specific of some hops that lead to one address, or undefined. */
export function mostSpecific(hops: readonly RouteHop[]): RouteHop | undefined {
  return hops.toSorted((one, other) => prefixLength(other.destination) - prefixLength(one.destination))[0];
}

/** Returns true if the first network lies in the second one. */
export const isWithin = (inner: string, outer: string): boolean =>
  prefixLength(inner) >= prefixLength(outer) && isInNetwork(inner.slice(0, inner.indexOf('/')), outer);

/** Addresses near the end of a small network are rarely used, and a person sees that they are examples. */
const favorite = 250;
const mostTries = 512;

/**
 * Returns an address of a network that is not among those taken, or undefined if there is none. Never the first or
 * the last address of a network, which belong to no machine. A network of one address has just that one.
 */
export function unusedAddress(network: string, taken: ReadonlySet<string>): string | undefined {
  const family = familyOf(network);
  const bits = hostPrefix(family) - prefixLength(network);
  const address = family === 'IPv4' ? new Address4(network) : new Address6(network);
  const first = address.startAddress().bigInt();
  if (bits === 0) return [textOf(first, family)].find(one => !taken.has(one));
  const size = 1n << BigInt(bits);
  const start = size >= 256n ? BigInt(favorite) : size - 2n;
  for (let offset = start; offset > 0n && start - offset < mostTries; offset -= 1n) {
    const candidate = textOf(first + offset, family);
    if (!taken.has(candidate)) return candidate;
  }
  return undefined;
}

const textOf = (value: bigint, family: Family): string =>
  family === 'IPv4' ? Address4.fromBigInt(value).correctForm() : ipv6Text(Address6.fromBigInt(value).correctForm());
