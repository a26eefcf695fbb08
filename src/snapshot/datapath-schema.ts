import * as z from 'zod';
import { absent, count, family, port, protocol } from './fields.js';
import type { SavedDatapath } from './saved-datapath.js';

const rule = z.object({ argv: z.array(z.string()), packets: count.exactOptional(), bytes: count.exactOptional() });

const table = z.object({
  family,
  name: z.string(),
  chains: z.array(
    z.object({
      name: z.string(),
      policy: absent(z.string()),
      rules: z.array(rule),
      packets: count.exactOptional(),
    }),
  ),
});

const set = z.object({
  name: z.string(),
  type: z.string(),
  family: absent(family),
  entries: z.array(
    z.object({
      value: z.string(),
      isException: z.boolean().exactOptional(),
      isWildcard: z.boolean().exactOptional(),
    }),
  ),
  options: z.array(z.string()).exactOptional(),
});

const link = z.object({
  name: z.string(),
  type: z.string().exactOptional(),
  master: z.string().exactOptional(),
  isUp: z.boolean(),
  isHairpin: z.boolean().exactOptional(),
  addresses: z.array(
    z.object({
      address: z.string(),
      prefix: count,
      peer: z.string().exactOptional(),
      scope: z.string(),
      isSecondary: z.boolean().exactOptional(),
    }),
  ),
});

const hop = z.object({
  device: z.string().exactOptional(),
  gateway: z.string().exactOptional(),
  isDown: z.boolean().exactOptional(),
});

const route = z.object({
  family,
  table: z.string(),
  type: z.string(),
  destination: z.string(),
  metric: count,
  hops: z.array(hop),
  source: z.string().exactOptional(),
});

const range = z.object({ first: count, last: count });

const routingRule = z.object({
  family,
  priority: count,
  isInverted: z.boolean().exactOptional(),
  source: z.string().exactOptional(),
  destination: z.string().exactOptional(),
  inputDevice: z.string().exactOptional(),
  outputDevice: z.string().exactOptional(),
  mark: z.object({ value: count, mask: count }).exactOptional(),
  protocol: z.string().exactOptional(),
  sourcePorts: range.exactOptional(),
  destinationPorts: range.exactOptional(),
  users: range.exactOptional(),
  suppressedPrefix: count.exactOptional(),
  action: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('lookup'), table: z.string() }),
    z.object({ kind: z.literal('goto'), priority: count }),
    z.object({ kind: z.literal('refuse'), type: z.enum(['blackhole', 'unreachable', 'prohibit']) }),
  ]),
  unknown: z.array(z.string()).exactOptional(),
});

const socket = z.object({ protocol, family, address: z.string(), port });

/** What decides about packets on a node, as a snapshot has it. */
export const datapathSchema: z.ZodType<SavedDatapath> = z.object({
  tables: z.array(table),
  sets: z.array(set),
  links: z.array(link),
  routes: z.array(route),
  routingRules: z.array(routingRule),
  sysctls: z.record(z.string(), z.string()),
  sockets: absent(z.array(socket)),
  bridgePorts: z.record(z.string(), z.string()).exactOptional(),
  unread: z.array(z.string()),
});
