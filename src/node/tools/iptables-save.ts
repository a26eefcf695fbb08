import type { Family } from '../../net/address.js';
import type { Chain, Jumps, Rule, Table } from '../element.js';
import type { ForeignRules } from '../finding.js';
import { jumpsKey } from '../kinds/jumps.js';
import { isOwnChain } from '../names.js';

/**
 * Splits a line of iptables-save into words: double quotes hold blanks together, a backslash keeps the next character.
 */
export function splitRule(line: string): string[] {
  if (!line.includes('"') && !line.includes('\\')) return line.split(' ');
  const words: string[] = [];
  for (const [, quoted, bare] of line.matchAll(/"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)/g))
    words.push((quoted ?? bare ?? '').replace(/\\(.)/g, '$1'));
  return words;
}

/**
 * Parses the output of iptables-save: kproxy's chains, its jumps in the built-in chains, and the rules of other
 * software that end a packet's way before those.
 * @throws SyntaxError if the text is not whole: a table without COMMIT must never pass for an empty one
 */
export function* parseIptablesSave(text: string, family: Family): Generator<Chain | Jumps | ForeignRules> {
  let open: { readonly name: string; readonly content: TableContent } | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('*')) open = { name: line.slice(1), content: { chains: new Map(), builtIn: new Map() } };
    else if (open === undefined) throw new SyntaxError(`iptables-save printed a line outside a table: ${line}`);
    else if (line === 'COMMIT') {
      if (open.name === 'nat' || open.name === 'filter') yield* tableFindings(family, open.name, open.content);
      open = undefined;
    } else readLine(line, open.content);
  }
  if (open !== undefined) throw new SyntaxError(`iptables-save's table ${open.name} has no COMMIT`);
}

interface TableContent {
  readonly chains: Map<string, Rule[]>;
  /** Built-in chains with all their rules, including those of other software. */
  readonly builtIn: Map<string, Rule[]>;
}

function readLine(line: string, { chains, builtIn }: TableContent): void {
  if (line.startsWith(':')) {
    const [name = '', policy] = line.slice(1).split(' ');
    (policy === '-' ? chains : builtIn).set(name, []);
    return;
  }
  const [verb, chain = '', ...rule] = splitRule(line);
  if (verb !== '-A') throw new SyntaxError(`iptables-save printed a line that is not a rule: ${line}`);
  chains.get(chain)?.push(rule);
  builtIn.get(chain)?.push(rule);
}

function* tableFindings(
  family: Family,
  table: Table,
  { chains, builtIn }: TableContent,
): Generator<Chain | Jumps | ForeignRules> {
  for (const [name, rules] of chains) if (isOwnChain(table, name)) yield { kind: 'chain', family, table, name, rules };
  for (const [chain, rules] of builtIn) yield* jumpFindings(family, table, chain, rules);
}

function* jumpFindings(
  family: Family,
  table: Table,
  chain: string,
  rules: readonly Rule[],
): Generator<Jumps | ForeignRules> {
  const isOwn = (rule: Rule) => isOwnChain(table, targetOf(rule));
  const own = rules.filter(isOwn);
  if (own.length === 0) return;
  yield { kind: 'jumps', family, table, chain, rules: own };
  const before = rules
    .slice(0, rules.findLastIndex(isOwn))
    .filter(rule => !isOwn(rule) && endsPackets(rule))
    .map(rule => rule.join(' '));
  if (before.length > 0) yield { kind: 'foreign-rules', jumps: jumpsKey(family, table, chain), rules: before };
}

/** Targets after which a packet does not reach the next rule of the chain. */
const endingTargets = new Set([
  'ACCEPT',
  'DROP',
  'REJECT',
  'RETURN',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'QUEUE',
  'NFQUEUE',
]);

const targetOf = (rule: Rule): string => rule[rule.indexOf('-j') + 1] ?? '';
const endsPackets = (rule: Rule): boolean =>
  rule.includes('-g') || (rule.includes('-j') && endingTargets.has(targetOf(rule)));
