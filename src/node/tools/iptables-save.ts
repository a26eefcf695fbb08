import type { Family } from '../../net/address.js';
import type { Chain, Element, Jumps, Rule, Table } from '../element.js';
import { isOwnChain } from '../names.js';

/** Splits a line of iptables-save into its words: double quotes hold blanks together, a backslash holds the next character. */
export function splitRule(line: string): string[] {
  if (!line.includes('"') && !line.includes('\\')) return line.split(' ');
  const words: string[] = [];
  for (const [, quoted, bare] of line.matchAll(/"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)/g))
    words.push((quoted ?? bare ?? '').replace(/\\(.)/g, '$1'));
  return words;
}

/** Targets after which a packet does not come to the next rule of the chain. */
const endings = new Set([
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

const targetOf = (argv: readonly string[]): string => argv[argv.indexOf('-j') + 1] ?? '';
const endsPackets = (argv: readonly string[]): boolean =>
  argv.includes('-g') || (argv.includes('-j') && endings.has(targetOf(argv)));

interface Reading {
  readonly chains: Map<string, Rule[]>;
  /** Built-in chains with all their rules, those of others too. */
  readonly builtIn: Map<string, string[][]>;
}

function jumpsOf(family: Family, table: Table, chain: string, rules: readonly string[][]): Jumps | undefined {
  const isOwn = (argv: readonly string[]) => isOwnChain(table, targetOf(argv));
  const own = rules.filter(isOwn);
  if (own.length === 0) return undefined;
  const lastOwn = rules.findLastIndex(isOwn);
  return {
    kind: 'jumps',
    family,
    table,
    chain,
    rules: own.map(argv => ({ argv, why: '' })),
    behind: rules
      .slice(0, lastOwn)
      .filter(argv => !isOwn(argv) && endsPackets(argv))
      .map(argv => argv.join(' ')),
  };
}

function tableElements(family: Family, table: Table, reading: Reading): Element[] {
  const chains = [...reading.chains]
    .filter(([name]) => isOwnChain(table, name))
    .map(([name, rules]): Chain => ({ kind: 'chain', family, table, name, rules }));
  const jumps = [...reading.builtIn].map(([chain, rules]) => jumpsOf(family, table, chain, rules));
  return [...chains, ...jumps.filter(found => found !== undefined)];
}

function readLine(line: string, reading: Reading): void {
  if (line.startsWith(':')) {
    const [name = '', policy] = line.slice(1).split(' ');
    if (policy === '-') reading.chains.set(name, []);
    else reading.builtIn.set(name, []);
    return;
  }
  const [verb, chain = '', ...argv] = splitRule(line);
  if (verb !== '-A') throw new SyntaxError(`iptables-save printed a line that is not a rule: ${line}`);
  reading.chains.get(chain)?.push({ argv, why: '' });
  reading.builtIn.get(chain)?.push(argv);
}

/**
 * kproxy's chains, and its jumps in the built-in chains, from iptables-save's text.
 * @throws SyntaxError where the text is not whole: a table without COMMIT must never pass for an empty one.
 */
export function parseIptablesSave(text: string, family: Family): Element[] {
  const elements: Element[] = [];
  let open: { table: string; reading: Reading } | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('*')) open = { table: line.slice(1), reading: { chains: new Map(), builtIn: new Map() } };
    else if (open === undefined) throw new SyntaxError(`iptables-save printed a line outside a table: ${line}`);
    else if (line === 'COMMIT') {
      if (open.table === 'nat' || open.table === 'filter')
        elements.push(...tableElements(family, open.table, open.reading));
      open = undefined;
    } else readLine(line, open.reading);
  }
  if (open !== undefined) throw new SyntaxError(`iptables-save's table ${open.table} has no COMMIT`);
  return elements;
}
