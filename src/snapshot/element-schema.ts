import * as z from 'zod';
import type { Rule, SetType, Table } from '../node/element.js';
import { ipvsDevice, isOwnChain, ownSetName, ownSysctlNames } from '../node/names.js';
import { isOwnJump } from '../node/tools/iptables-save.js';
import { absent, address, count, family, lowerCaseName, port, prefix, prefixFits, protocol, text } from './fields.js';
import { ruleProblem } from './rule-words.js';
import type { SavedElement } from './saved-elements.js';
import { isSetEntry, isSetExtension } from './set-texts.js';

const table = z.enum(['nat', 'filter']);
const rule = z.object({ argv: z.array(text) });
const server = z.object({ protocol, address, port });

const ownSet = z.string().refine(name => ownSetName(name) !== undefined, "is not one of kproxy's sets");
const builtInChain = z.enum(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

const entryValue = z.string().refine(isSetEntry, 'is not an entry');
const setOption = z.string().refine(isSetExtension, 'is not an option of a set');
const numbers = z.string().regex(/^[-0-9][-0-9\t ]{0,99}$|^$/, 'is not a number');
const netmask = z.string().regex(/^[0-9.]{1,15}$/, 'is not a netmask');

interface RulesOfTable {
  readonly table: Table;
  readonly rules: readonly { readonly argv: Rule }[];
}

/** Returns a check of each rule, which names the rule. */
const eachRule =
  (problemOf: (rule: Rule, table: Table) => string | undefined) =>
  ({ table, rules }: RulesOfTable, context: z.RefinementCtx): void => {
    for (const [index, { argv }] of rules.entries()) {
      const message = problemOf(argv, table);
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['rules', index], message, input: argv });
    }
  };

/** A plan removes the rules that it finds among the jumps, and those of other software are not kproxy's to remove. */
const jumpProblem = (rule: Rule, table: Table): string | undefined =>
  isOwnJump(table, rule) ? ruleProblem(rule, table) : "is not a jump to one of kproxy's chains";

/**
 * Every kind of element that can be on a node, as a snapshot has it. Only kproxy's own chains, sets, device and
 * parameters are elements: what a plan may change.
 */
export const elementSchema: z.ZodType<SavedElement> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('module'), name: lowerCaseName }),
  z.object({ kind: z.literal('sysctl'), name: z.enum(ownSysctlNames), value: numbers }),
  z.object({ kind: z.literal('link'), name: z.literal(ipvsDevice), type: lowerCaseName }),
  prefixFits(
    z.object({
      kind: z.literal('address'),
      link: z.literal(ipvsDevice),
      address,
      prefix,
      peer: address.exactOptional(),
      expires: z.boolean().exactOptional(),
    }),
  ),
  z.object({
    kind: z.literal('set'),
    name: ownSet,
    // Of any type, because a set with a wrong type is a reason to look at a snapshot.
    type: z
      .string()
      .regex(/^[a-z]+:[a-z,]+$/, 'is not the type of a set')
      .transform(type => type as SetType),
    family: absent(family),
    maximum: absent(count),
    extensions: absent(z.array(setOption)),
    usedBy: absent(z.array(text)),
  }),
  z.object({ kind: z.literal('entry'), set: ownSet, value: entryValue, isException: absent(z.literal(true)) }),
  z
    .object({
      kind: z.literal('chain'),
      family,
      table,
      name: z.string(),
      rules: z.array(rule),
      usedBy: absent(z.array(text)),
    })
    .refine(({ table, name }) => isOwnChain(table, name), { path: ['name'], message: "is not one of kproxy's chains" })
    .superRefine(eachRule(ruleProblem)),
  z
    .object({
      kind: z.literal('jumps'),
      family,
      table,
      chain: builtInChain,
      rules: z.array(rule),
      behind: z.array(text),
    })
    .superRefine(eachRule(jumpProblem)),
  server.extend({
    kind: z.literal('virtual-server'),
    scheduler: lowerCaseName,
    flags: z.array(z.int().min(1).max(3)).max(3),
    persistence: absent(z.object({ seconds: count, netmask })),
    onePacket: absent(z.literal(true)),
    persistenceEngine: absent(lowerCaseName),
  }),
  z.object({
    kind: z.literal('real-server'),
    server,
    address,
    port,
    weight: count,
    forwarding: z.enum(['masquerade', 'route', 'tunnel', 'local']),
    thresholds: z.object({ upper: count, lower: count }).optional(),
    connections: z.object({ active: count, inactive: count }),
  }),
]);
