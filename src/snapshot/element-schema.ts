import * as z from 'zod';
import type { SetType } from '../node/element.js';
import { absent, count, family, port, protocol } from './fields.js';
import type { SavedElement } from './saved-elements.js';

const table = z.enum(['nat', 'filter']);
const rule = z.object({ argv: z.array(z.string()) });
const server = z.object({ protocol, address: z.string(), port });

/** Every kind of element that can be on a node, as a snapshot has it. */
export const elementSchema: z.ZodType<SavedElement> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('module'), name: z.string() }),
  z.object({ kind: z.literal('sysctl'), name: z.string(), value: z.string() }),
  z.object({ kind: z.literal('link'), name: z.string(), type: z.string() }),
  z.object({
    kind: z.literal('address'),
    link: z.string(),
    address: z.string(),
    prefix: count,
    peer: z.string().exactOptional(),
    expires: z.boolean().exactOptional(),
  }),
  z.object({
    kind: z.literal('set'),
    name: z.string(),
    // Of any type, because a set with a wrong type is a reason to look at a snapshot.
    type: z.string().transform(type => type as SetType),
    family: absent(family),
    maximum: absent(count),
    extensions: absent(z.array(z.string())),
    usedBy: absent(z.array(z.string())),
  }),
  z.object({ kind: z.literal('entry'), set: z.string(), value: z.string(), isException: absent(z.literal(true)) }),
  z.object({
    kind: z.literal('chain'),
    family,
    table,
    name: z.string(),
    rules: z.array(rule),
    usedBy: absent(z.array(z.string())),
  }),
  z.object({
    kind: z.literal('jumps'),
    family,
    table,
    chain: z.string(),
    rules: z.array(rule),
    behind: z.array(z.string()),
  }),
  server.extend({
    kind: z.literal('virtual-server'),
    scheduler: z.string(),
    flags: z.array(z.int()),
    persistence: absent(z.object({ seconds: count, netmask: z.string() })),
    onePacket: absent(z.literal(true)),
    persistenceEngine: absent(z.string()),
  }),
  z.object({
    kind: z.literal('real-server'),
    server,
    address: z.string(),
    port,
    weight: count,
    forwarding: z.enum(['masquerade', 'route', 'tunnel', 'local']),
    thresholds: z.object({ upper: count, lower: count }).optional(),
    connections: z.object({ active: count, inactive: count }),
  }),
]);
