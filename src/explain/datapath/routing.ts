import type { Family } from '../../net/address.js';
import { familyOf } from '../../net/address.js';
import { isInNetwork, prefixLength } from '../../net/network.js';
import type { Hop, Route, RoutingRule } from '../../node/datapath/datapath.js';
import { type DatapathIndex, lentAddress, preferredAddress } from './datapath-index.js';

/** What the kernel looks up a route by. */
export interface RouteQuery {
  readonly destination: string;
  readonly source?: string | undefined;
  readonly inputDevice?: string | undefined;
  readonly mark?: number;
}

/** What a lookup finds. */
export type RouteResult =
  | {
      readonly kind: 'local' | 'unicast';
      readonly route: Route;
      readonly device: string;
      readonly gateway: string | undefined;
      /** The source that the node's own packets get. */
      readonly source: string | undefined;
    }
  /** `type`: unreachable, blackhole, prohibit, broadcast … or `none` if no route leads there. */
  | { readonly kind: 'none'; readonly type: string }
  /** A routing rule has selectors that kproxy does not know, and its table leads elsewhere. */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Looks up a route as the kernel does: the routing rules by priority, and in each table the longest prefix with the
 * lowest metric. Of a multipath route the first usable hop counts.
 */
export function findRoute(node: DatapathIndex, query: RouteQuery): RouteResult {
  const family = familyOf(query.destination);
  for (const rule of rulesOf(node, family)) {
    if (!selects(rule, query)) continue;
    const result = resultOf(node, rule, query);
    if (result === undefined) continue;
    if (rule.unknown !== undefined && rule.unknown.length > 0)
      return { kind: 'unknown', why: `the routing rule of priority ${rule.priority} has ${rule.unknown.join(' ')}` };
    return result;
  }
  return { kind: 'none', type: 'none' };
}

/** The rules of a kernel without policy routing. */
const usualTables = ['local', 'main', 'default'] as const;

function rulesOf({ datapath }: DatapathIndex, family: Family): readonly RoutingRule[] {
  const rules = datapath.routingRules.filter(rule => rule.family === family);
  if (rules.length > 0) return rules;
  return usualTables.map((table, index) => ({ family, priority: index, action: { kind: 'lookup', table } as const }));
}

function selects(rule: RoutingRule, { destination, source, inputDevice, mark = 0 }: RouteQuery): boolean {
  const fits =
    (rule.destination === undefined || isInNetwork(destination, rule.destination)) &&
    (rule.source === undefined || (source !== undefined && isInNetwork(source, rule.source))) &&
    (rule.inputDevice === undefined || rule.inputDevice === (inputDevice ?? 'lo')) &&
    rule.outputDevice === undefined &&
    (rule.mark === undefined || (mark & rule.mark.mask) >>> 0 === rule.mark.value);
  return fits !== (rule.isInverted ?? false);
}

function resultOf(node: DatapathIndex, { action, family }: RoutingRule, query: RouteQuery): RouteResult | undefined {
  if (action.kind === 'refuse') return { kind: 'none', type: action.type };
  const route = bestRoute(node, family, action.table, query.destination);
  if (route === undefined || route.type === 'throw') return undefined;
  if (route.type !== 'unicast' && route.type !== 'local') return { kind: 'none', type: route.type };
  const [hop] = usableHops(route);
  const device = hop?.device ?? 'lo';
  return {
    kind: route.type,
    route,
    device,
    gateway: hop?.gateway,
    source: sourceFor(node, route, device, hop?.gateway ?? query.destination, query.destination),
  };
}

const usableHops = ({ hops }: Route): readonly Hop[] => hops.filter(({ isDown }) => isDown !== true);

function bestRoute(node: DatapathIndex, family: Family, table: string, destination: string): Route | undefined {
  let best: Route | undefined;
  for (const route of node.routesTo(family, table, destination)) {
    if (route.hops.length > 0 && usableHops(route).length === 0) continue;
    if (best === undefined || isBetter(route, best)) best = route;
  }
  return best;
}

const isBetter = (one: Route, other: Route): boolean =>
  prefixLength(one.destination) > prefixLength(other.destination) ||
  (prefixLength(one.destination) === prefixLength(other.destination) && one.metric < other.metric);

function sourceFor(
  node: DatapathIndex,
  route: Route,
  device: string,
  nextHop: string,
  destination: string,
): string | undefined {
  if (route.source !== undefined) return route.source;
  if (route.type === 'local') return destination;
  return (
    preferredAddress(node.addressesOf(device), route.family, nextHop) ??
    lentAddress(node.datapath.links, route.family, nextHop)
  );
}
