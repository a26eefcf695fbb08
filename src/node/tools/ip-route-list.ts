import * as z from 'zod';
import { createQuickParser } from '../../cluster/quick-parse/quick-parser.js';
import type { Family } from '../../net/address.js';
import { hostNetwork } from '../../net/network.js';
import type { Hop, Route } from '../datapath/datapath.js';
import { presentItems } from './ip-json.js';

const hopFields = {
  dev: z.string().optional(),
  gateway: z.string().optional(),
  /** A gateway of the other family. */
  via: z.object({ host: z.string() }).optional(),
  flags: z.array(z.string()).optional(),
};

const routesSchema = z.array(
  z.object({
    ...hopFields,
    type: z.string().optional(),
    dst: z.string(),
    /** The sources that an IPv6 route is for. */
    from: z.string().optional(),
    tos: z.string().optional(),
    table: z.string().optional(),
    metric: z.int().optional(),
    prefsrc: z.string().optional(),
    nexthops: z.array(z.object(hopFields)).optional(),
  }),
);

type PrintedRoute = z.infer<typeof routesSchema>[number];
type PrintedHop = Pick<PrintedRoute, keyof typeof hopFields>;

const parseQuickly = createQuickParser(routesSchema);

/** The routes of one family, and what kproxy leaves out. */
export interface RouteList {
  readonly routes: readonly Route[];
  /** Clauses: `the route to fd00:55::/64 is only for packets from fd00:244:1::/64`. */
  readonly leftOut: readonly string[];
}

/**
 * Parses the output of `ip -j -4 route show table all`, or `-6`. Leaves out routes for packets with a type of service,
 * because packets usually have none, and names those for some sources only.
 * @throws SyntaxError or ZodError if the text is not what ip prints
 */
export function parseRoutes(text: string, family: Family): RouteList {
  const list = presentItems(text);
  const printed = (parseQuickly(list) ?? routesSchema.parse(list)).filter(({ tos }) => tos === undefined);
  return {
    routes: printed.filter(({ from }) => from === undefined).map(route => routeOf(route, family)),
    leftOut: printed.flatMap(({ dst, from }) =>
      from === undefined ? [] : [`the route to ${dst} is only for packets from ${from}`],
    ),
  };
}

const anywhere = { IPv4: '0.0.0.0/0', IPv6: '::/0' } as const;

/** The types of routes that lead nowhere. IPv6 shows them with the device lo. */
const refusals: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw']);

function routeOf(route: PrintedRoute, family: Family): Route {
  const { type = 'unicast', dst, table = 'main', metric = 0, prefsrc, nexthops } = route;
  return {
    family,
    table,
    type,
    destination: dst === 'default' ? anywhere[family] : dst.includes('/') ? dst : hostNetwork(dst),
    metric,
    hops: refusals.has(type) ? [] : (nexthops ?? [route]).map(hopOf),
    ...(prefsrc === undefined ? {} : { source: prefsrc }),
  };
}

function hopOf({ dev, gateway, via, flags = [] }: PrintedHop): Hop {
  const next = gateway ?? via?.host;
  return {
    ...(dev === undefined ? {} : { device: dev }),
    ...(next === undefined ? {} : { gateway: next }),
    // The kernel uses a hop that is only `linkdown`, and adds `dead` if ignore_routes_with_linkdown is set
    // (fib_nexthop_info).
    ...(flags.includes('dead') ? { isDown: true } : {}),
  };
}
