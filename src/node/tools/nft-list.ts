import * as z from 'zod';
import { type Table as Names, table } from '../../table.js';
import type { Table } from '../element.js';

const ruleSchema = z.object({ rule: z.object({ handle: z.int(), expr: z.array(z.record(z.string(), z.unknown())) }) });
const listingSchema = z.object({ nftables: z.array(z.unknown()) });

/** The statements that iptables-nft writes itself. Everything else of its rules is `xt`. */
const iptablesStatements: ReadonlySet<string> = new Set([
  ...['match', 'counter', 'xt', 'log', 'limit'],
  ...['jump', 'goto', 'accept', 'drop', 'return'],
]);
/** What iptables-nft itself matches without `xt`, with the operators around it. */
const iptablesMatches: ReadonlySet<string> = new Set(['meta', 'payload', '&', '|', '^', '<<', '>>']);

/**
 * Finds the rules in the output of `nft -j list table …` that iptables cannot have written, by their handles. Returns
 * nothing if the output is not understood: this only explains an error.
 */
export function foreignRuleHandles(json: string): ReadonlySet<number> {
  const handles = new Set<number>();
  for (const item of itemsOf(json)) {
    const found = ruleSchema.safeParse(item);
    if (found.success && !found.data.rule.expr.every(isOfIptables)) handles.add(found.data.rule.handle);
  }
  return handles;
}

const itemsOf = (json: string): readonly unknown[] => listingSchema.safeParse(jsonOf(json)).data?.nftables ?? [];

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const matchSchema = z.object({ left: z.record(z.string(), z.unknown()) });

function isOfIptables(statement: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(statement).every(([name, value]) => {
    if (!iptablesStatements.has(name)) return false;
    const match = name === 'match' ? matchSchema.safeParse(value) : undefined;
    return match?.data === undefined || Object.keys(match.data.left).every(key => iptablesMatches.has(key));
  });
}

/** The base chains of iptables, with their types, hooks and priorities. */
const builtInChains: Readonly<Record<Table, Names<string>>> = {
  nat: table({
    PREROUTING: 'nat prerouting -100',
    INPUT: 'nat input 100',
    OUTPUT: 'nat output -100',
    POSTROUTING: 'nat postrouting 100',
  }),
  filter: table({ INPUT: 'filter input 0', FORWARD: 'filter forward 0', OUTPUT: 'filter output 0' }),
};

const chainSchema = z.object({
  chain: z.object({ name: z.string(), type: z.string(), hook: z.string(), prio: z.int() }),
});

/**
 * Returns a line for each chain in the output of `nft -j list table …` that has the name of one of iptables' base
 * chains and is another one. iptables shows an empty chain in its place, and cannot put a rule into it.
 */
export const foreignBaseChains = (json: string, table: Table): readonly string[] =>
  itemsOf(json).flatMap(item => {
    const chain = chainSchema.safeParse(item).data?.chain;
    const expected = chain && builtInChains[table][chain.name];
    if (chain === undefined || expected === undefined) return [];
    const { name, type, hook, prio } = chain;
    return `${type} ${hook} ${prio}` === expected ? [] : [`chain ${name}: type ${type} hook ${hook} priority ${prio}`];
  });

/** A rule as nft prints it, with the comment that has its handle. */
export interface NftRule {
  readonly chain: string;
  readonly rule: string;
}

/** Finds rules by their handles in the output of `nft -a list table …`. */
export function rulesWithHandles(text: string, handles: ReadonlySet<number>): readonly NftRule[] {
  const found: NftRule[] = [];
  let chain = '';
  for (const line of text.split('\n').map(one => one.trim())) {
    const [, opened] = /^chain (\S+) \{/.exec(line) ?? [];
    const [, handle] = / # handle (\d+)$/.exec(line) ?? [];
    if (opened !== undefined) chain = opened;
    else if (handle !== undefined && handles.has(Number(handle))) found.push({ chain, rule: line });
  }
  return found;
}
