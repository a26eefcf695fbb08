import type { Family } from '../../net/address.js';
import type { Chain, Jumps, Rule, Table } from '../element.js';
import type { ForeignRules, ForeignUse } from '../finding.js';
import { chainKey } from '../kinds/chain.js';
import { setKey } from '../kinds/ipset.js';
import { jumpsKey } from '../kinds/jumps.js';
import { isOwnChain, ownSetName } from '../names.js';
import { iptablesProgram, savedLine } from './iptables.js';

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

type RuleFinding = Chain | Jumps | ForeignRules | ForeignUse;

/**
 * Parses the output of iptables-save: kproxy's chains, its jumps in the built-in chains, the rules of other software
 * that end a packet's way before those, and those in any table that use kproxy's chains and sets.
 * @throws SyntaxError if the text is not whole: a table without COMMIT must never pass for an empty one
 */
export function* parseIptablesSave(text: string, family: Family): Generator<RuleFinding> {
  let open: { readonly name: string; readonly content: TableContent } | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('*')) open = { name: line.slice(1), content: { chains: new Map(), builtIn: new Map() } };
    else if (open === undefined) throw new SyntaxError(`iptables-save printed a line outside a table: ${line}`);
    else if (line === 'COMMIT') {
      if (hasOwnChains(open.name)) yield* tableFindings(family, open.name, open.content);
      else yield* usesIn({ family, table: open.name }, [...open.content.chains, ...open.content.builtIn]);
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

function* tableFindings(family: Family, table: Table, { chains, builtIn }: TableContent): Generator<RuleFinding> {
  const foreign: NamedRules[] = [];
  for (const [name, rules] of chains) {
    if (isOwnChain(table, name)) yield { kind: 'chain', family, table, name, rules };
    else foreign.push([name, rules]);
  }
  for (const [chain, rules] of builtIn) {
    yield* jumpFindings(family, table, chain, rules);
    foreign.push([chain, rules.filter(rule => !isOwnJump(table, rule))]);
  }
  yield* usesIn({ family, table }, foreign);
}

type NamedRules = readonly [chain: string, rules: readonly Rule[]];

function* jumpFindings(
  family: Family,
  table: Table,
  chain: string,
  rules: readonly Rule[],
): Generator<Jumps | ForeignRules> {
  const isOwn = (rule: Rule) => isOwnJump(table, rule);
  const own = rules.filter(isOwn);
  if (own.length === 0) return;
  yield { kind: 'jumps', family, table, chain, rules: own };
  const before = rules
    .slice(0, rules.findLastIndex(isOwn))
    .filter(rule => !isOwn(rule) && endsPackets(rule))
    .map(rule => rule.join(' '));
  if (before.length > 0) yield { kind: 'foreign-rules', jumps: jumpsKey(family, table, chain), rules: before };
}

/** Returns true for a jump as kproxy and kube-proxy have it. One with conditions of its own is other software's. */
function isOwnJump(table: Table, rule: Rule): boolean {
  const [jump, target = ''] = rule.slice(-2);
  if (jump !== '-j' || !isOwnChain(table, target)) return false;
  for (let at = 0; at < rule.length - 2; at += 4)
    if (rule[at] !== '-m' || !isUsualMatch(rule.slice(at + 1, at + 4))) return false;
  return true;
}

/** kube-proxy's jumps match new connections in some versions. */
const isUsualMatch = ([name, option, value]: readonly string[]): boolean =>
  (name === 'comment' && option === '--comment') || (name === 'conntrack' && option === '--ctstate' && value === 'NEW');

const hasOwnChains = (table: string): table is Table => table === 'nat' || table === 'filter';

/** Yields what rules of other software use of kproxy's. */
function* usesIn(
  { family, table }: { readonly family: Family; readonly table: string },
  chains: readonly NamedRules[],
): Generator<ForeignUse> {
  for (const [chain, rules] of chains)
    for (const rule of rules) {
      const target = wordAfter(rule, '-j') || wordAfter(rule, '-g');
      const used = new Set(setsUsedBy(rule).map(setKey));
      if (hasOwnChains(table) && isOwnChain(table, target)) used.add(chainKey({ family, table, name: target }));
      for (const of of used)
        yield { kind: 'foreign-use', of, user: `${iptablesProgram(family)} -t ${table} ${savedLine(chain, rule)}` };
    }
}

const setOptions: ReadonlySet<string> = new Set(['--match-set', '--add-set', '--del-set', '--map-set']);
const setsUsedBy = (rule: Rule): readonly string[] =>
  rule.filter((word, at) => setOptions.has(rule[at - 1] ?? '') && ownSetName(word) !== undefined);

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

/** Returns the place of an option, which can also be the text of a comment. */
const placeOf = (rule: Rule, option: string): number =>
  rule.findIndex((word, at) => word === option && rule[at - 1] !== '--comment');

/** Returns the word after an option, or an empty text. */
function wordAfter(rule: Rule, option: string): string {
  const place = placeOf(rule, option);
  return place < 0 ? '' : (rule[place + 1] ?? '');
}

const endsPackets = (rule: Rule): boolean => placeOf(rule, '-g') >= 0 || endingTargets.has(wordAfter(rule, '-j'));
