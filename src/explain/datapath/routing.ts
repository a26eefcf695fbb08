import type { Family } from '../../net/address.js';
import { familyOf } from '../../net/address.js';
import { isInNetwork, prefixLength } from '../../net/network.js';
import { type Protocol, protocolNames, protocolNumbers } from '../../net/protocol.js';
import type { Hop, NumberRange, Route, RoutingRule } from '../../node/datapath/datapath.js';
import { chosenPorts, isIn } from '../rules/port-ranges.js';
import type { Packet } from '../trace/packet.js';
import { type DatapathIndex, lentAddress, preferredAddress } from './datapath-index.js';

/** What the kernel looks up a route by. What is undefined is not known, or the packet does not have it. */
export interface RouteQuery {
  readonly destination: string;
  readonly source?: string | undefined;
  readonly inputDevice?: string | undefined;
  readonly mark?: number;
  /** Undefined if the kernel looks the route up by addresses alone, as IPVS does. Then it has no ports either. */
  readonly protocol?: Protocol | undefined;
  readonly sourcePort?: number | undefined;
  readonly destinationPort?: number | undefined;
}

/** Returns what the kernel looks up the route of a packet by. */
export const queryOf = (packet: Packet): RouteQuery => {
  const { destination, source, inputDevice, mark, protocol, sourcePort, destinationPort } = packet;
  return { destination, source, inputDevice, mark, protocol, sourcePort, destinationPort };
};

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
 * lowest metric. Of a multipath route the first usable hop counts. A rule of which it is not known whether it fits is
 * tried both ways, and makes the result unknown only if they differ.
 */
export const findRoute = (node: DatapathIndex, query: RouteQuery): RouteResult =>
  search(node, rulesOf(node, familyOf(query.destination)), query);

function search(node: DatapathIndex, rules: readonly RoutingRule[], query: RouteQuery): RouteResult {
  for (const [index, rule] of rules.entries()) {
    const selected = selects(rule, query);
    if (selected === 'no') continue;
    const rest = rules.slice(index + 1);
    const result = resultOf(node, rule, rest, query);
    if (result === undefined) continue;
    if (selected === 'yes') return result;
    const otherwise = search(node, rest, query);
    return isSameWay(result, otherwise) ? otherwise : { kind: 'unknown', why: whyUnknown(rule) };
  }
  return { kind: 'none', type: 'none' };
}

const isSameWay = (one: RouteResult, other: RouteResult): boolean =>
  JSON.stringify(wayOf(one)) === JSON.stringify(wayOf(other));

const wayOf = (result: RouteResult) =>
  'route' in result ? [result.kind, result.device, result.gateway, result.source] : [result.kind];

function whyUnknown({ priority, unknown = [], protocol, sourcePorts, destinationPorts, users }: RoutingRule): string {
  const range = (name: string, found: NumberRange | undefined) =>
    found === undefined ? [] : [`${name} ${found.first}${found.last === found.first ? '' : `-${found.last}`}`];
  const selectors = [
    ...(protocol === undefined ? [] : [`ipproto ${protocol}`]),
    ...range('sport', sourcePorts),
    ...range('dport', destinationPorts),
    ...range('uidrange', users),
    ...unknown,
  ];
  return `the routing rule of priority ${priority} has ${selectors.join(' ')}`;
}

/** The rules of a kernel without policy routing. */
const usualTables = ['local', 'main', 'default'] as const;

function rulesOf({ datapath }: DatapathIndex, family: Family): readonly RoutingRule[] {
  const rules = datapath.routingRules.filter(rule => rule.family === family);
  if (rules.length > 0) return rules;
  return usualTables.map((table, index) => ({ family, priority: index, action: { kind: 'lookup', table } as const }));
}

type Selected = 'yes' | 'no' | 'unknown';

/** Returns whether a rule fits. Its selectors must all fit, or not all of them after `not`. */
function selects(rule: RoutingRule, query: RouteQuery): Selected {
  const fits = [
    fitsEnds(rule, query) ? 'yes' : 'no',
    fitsProtocol(rule, query),
    fitsPort(rule.sourcePorts, query, query.sourcePort),
    fitsPort(rule.destinationPorts, query, query.destinationPort),
    fitsUser(rule, query),
    (rule.unknown ?? []).length > 0 ? 'unknown' : 'yes',
  ] as const satisfies readonly Selected[];
  const all = fits.find(one => one === 'no') ?? fits.find(one => one === 'unknown') ?? 'yes';
  if (rule.isInverted !== true || all === 'unknown') return all;
  return all === 'yes' ? 'no' : 'yes';
}

const fitsEnds = (rule: RoutingRule, { destination, source, inputDevice, mark = 0 }: RouteQuery): boolean =>
  (rule.destination === undefined || isInNetwork(destination, rule.destination)) &&
  (rule.source === undefined || (source !== undefined && isInNetwork(source, rule.source))) &&
  (rule.inputDevice === undefined || rule.inputDevice === (inputDevice ?? 'lo')) &&
  rule.outputDevice === undefined &&
  (rule.mark === undefined || (mark & rule.mark.mask) >>> 0 === rule.mark.value);

function fitsProtocol({ protocol: wanted }: RoutingRule, { protocol }: RouteQuery): Selected {
  if (wanted === undefined) return 'yes';
  if (protocol === undefined) return 'no';
  return [protocolNames[protocol], String(protocolNumbers[protocol])].includes(wanted) ? 'yes' : 'no';
}

const fitsUser = ({ users }: RoutingRule, { inputDevice, protocol }: RouteQuery): Selected => {
  if (users === undefined) return 'yes';
  // A packet that no process sends has no user, which counts as user 0 (ip_route_input).
  if (inputDevice !== undefined || protocol === undefined) return users.first === 0 ? 'yes' : 'no';
  return 'unknown';
};

function fitsPort(range: NumberRange | undefined, { protocol }: RouteQuery, port: number | undefined): Selected {
  if (range === undefined) return 'yes';
  if (protocol === undefined) return 'no';
  if (port !== undefined) return isIn(port, range) ? 'yes' : 'no';
  return range.first > chosenPorts.last || range.last < chosenPorts.first ? 'no' : 'unknown';
}

/** Returns undefined if the lookup goes on with the next rule. */
function resultOf(
  node: DatapathIndex,
  { action, family, suppressedPrefix = -1 }: RoutingRule,
  rest: readonly RoutingRule[],
  query: RouteQuery,
): RouteResult | undefined {
  if (action.kind === 'refuse') return { kind: 'none', type: action.type };
  if (action.kind === 'goto') {
    const { priority } = action;
    return search(
      node,
      rest.filter(rule => rule.priority >= priority),
      query,
    );
  }
  const route = bestRoute(node, family, action.table, query.destination);
  if (route === undefined || route.type === 'throw' || prefixLength(route.destination) <= suppressedPrefix)
    return undefined;
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
