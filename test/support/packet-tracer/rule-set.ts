import { restoreWords } from '../fake-node/iptables.js';
import { type PacketTest, readMatch, type Surroundings } from './match.js';

/** The rules of one IP family, with the sets and addresses in which they look things up. */
export interface RuleSet {
  /** `nat KUBE-SERVICES` → rules. */
  readonly chains: ReadonlyMap<string, readonly TracedRule[]>;
}

export interface TracedRule {
  readonly tests: readonly PacketTest[];
  readonly target: string;
  readonly options: readonly string[];
}

export interface TracedSet {
  readonly type: string;
  readonly entries: ReadonlySet<string>;
}

export interface RuleSetTexts {
  readonly iptablesSave: string;
  readonly ipsetSave: string;
  readonly localAddresses: readonly string[];
}

/**
 * Reads rules from what a node's tools print.
 * @throws Error on a line or a match that the tracer does not know
 */
export function ruleSetOf({ iptablesSave, ipsetSave, localAddresses }: RuleSetTexts): RuleSet {
  const around = { sets: setsOf(ipsetSave), localAddresses: new Set(localAddresses) };
  const chains = new Map<string, TracedRule[]>();
  let table = '';
  for (const line of iptablesSave.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    else if (line.startsWith(':')) chains.set(`${table} ${line.slice(1).split(' ')[0]}`, []);
    else if (line.startsWith('-A ')) {
      const [, chain, ...rule] = restoreWords(line);
      chains.get(`${table} ${chain}`)?.push(readRule(rule, around));
    } else if (line !== '' && line !== 'COMMIT' && !line.startsWith('#'))
      throw new Error(`not a line of iptables-save: ${line}`);
  }
  return { chains };
}

function readRule(words: readonly string[], around: Surroundings): TracedRule {
  const tests: PacketTest[] = [];
  let rest = words;
  while (rest[0] !== '-j') {
    if (rest.length === 0) throw new Error(`the packet tracer does not know a rule without -j: ${words.join(' ')}`);
    const read = readMatch(rest, around);
    tests.push(read.test);
    rest = read.rest;
  }
  return { tests, target: rest[1] ?? '', options: rest.slice(2) };
}

function setsOf(text: string): ReadonlyMap<string, TracedSet> {
  const sets = new Map<string, { type: string; entries: Set<string> }>();
  for (const line of text.split('\n')) {
    const [verb, name = '', value = ''] = line.split(' ');
    if (verb === 'create') sets.set(name, { type: value, entries: new Set() });
    if (verb === 'add') sets.get(name)?.entries.add(value);
  }
  return sets;
}
