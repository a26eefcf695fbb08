import * as z from 'zod';
import {
  absent,
  address,
  count,
  destination,
  family,
  port,
  prefix,
  prefixFits,
  protocol,
  text,
  word,
} from './fields.js';
import type { SavedDatapath } from './saved-datapath.js';

const rule = z.object({ argv: z.array(text), packets: count.exactOptional(), bytes: count.exactOptional() });

const table = z.object({
  family,
  name: word,
  chains: z.array(
    z.object({
      name: word,
      policy: absent(word),
      rules: z.array(rule),
      packets: count.exactOptional(),
    }),
  ),
});

const set = z.object({
  name: word,
  type: word,
  family: absent(family),
  entries: z.array(
    z.object({
      value: text,
      isException: z.boolean().exactOptional(),
      isWildcard: z.boolean().exactOptional(),
    }),
  ),
  options: z.array(text).exactOptional(),
});

const link = z.object({
  name: word,
  type: word.exactOptional(),
  master: word.exactOptional(),
  isUp: z.boolean(),
  isHairpin: z.boolean().exactOptional(),
  addresses: z.array(
    prefixFits(
      z.object({
        address,
        prefix,
        peer: address.exactOptional(),
        scope: word,
        isSecondary: z.boolean().exactOptional(),
      }),
    ),
  ),
});

const hop = z.object({
  device: word.exactOptional(),
  gateway: address.exactOptional(),
  isDown: z.boolean().exactOptional(),
});

const route = z.object({
  family,
  table: word,
  type: word,
  destination,
  metric: count,
  hops: z.array(hop),
  source: destination.exactOptional(),
});

const range = z.object({ first: count, last: count });

const routingRule = z.object({
  family,
  priority: count,
  isInverted: z.boolean().exactOptional(),
  source: destination.exactOptional(),
  destination: destination.exactOptional(),
  inputDevice: word.exactOptional(),
  outputDevice: word.exactOptional(),
  mark: z.object({ value: count, mask: count }).exactOptional(),
  protocol: word.exactOptional(),
  sourcePorts: range.exactOptional(),
  destinationPorts: range.exactOptional(),
  users: range.exactOptional(),
  suppressedPrefix: count.exactOptional(),
  action: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('lookup'), table: word }),
    z.object({ kind: z.literal('goto'), priority: count }),
    z.object({ kind: z.literal('refuse'), type: z.enum(['blackhole', 'unreachable', 'prohibit']) }),
  ]),
  unknown: z.array(text).exactOptional(),
});

const socket = z.object({ protocol, family, address: text, port });

/** What decides about packets on a node, as a snapshot has it. */
export const datapathSchema: z.ZodType<SavedDatapath> = z.object({
  tables: z.array(table),
  sets: z.array(set),
  links: z.array(link),
  routes: z.array(route),
  routingRules: z.array(routingRule),
  sysctls: z.record(text, text),
  sockets: absent(z.array(socket)),
  bridgePorts: z.record(text, text).exactOptional(),
  unread: z.array(text),
});
