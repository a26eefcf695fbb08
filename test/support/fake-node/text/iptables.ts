import type { Family } from '../../../../src/net/address.js';
import { knownTargets, savedWord, targetOf } from '../iptables.js';
import { emptyTable, type FakeChain, type FakeKernel, type FakeTable } from '../kernel.js';
import { sortedKeys, type TextPart, wrong } from './part.js';

type Tables = Map<string, FakeTable>;

/** What plain `iptables` and `ip6tables` work on. */
export const iptablesPart = (family: Family): TextPart =>
  partOf(
    kernel => kernel.tables[family],
    name => emptyTable(name),
  );

/** What the programs of the other backend work on. It has no tables on a fresh machine. */
export const otherIptablesPart = (family: Family): TextPart =>
  partOf(
    kernel => kernel.otherTables[family],
    () => new Map(),
  );

/**
 * `iptables -t nat -P OUTPUT DROP`, `iptables -t nat -N KUBE-SERVICES`, `iptables -t nat -A KUBE-SERVICES …`: the lines
 * of `iptables-save`, each with its table.
 */
function partOf(tablesOf: (kernel: FakeKernel) => Tables, fresh: (table: string) => FakeTable): TextPart {
  return {
    print: kernel => {
      const tables = tablesOf(kernel);
      return sortedKeys(tables).flatMap(name => tableLines(name, tables.get(name) as FakeTable, fresh(name)));
    },
    run: (kernel, words) => {
      const [option, table = '', verb = '', chain = '', ...rest] = words;
      if (option !== '-t' || chain === '') wrong('iptables', words);
      runLine(kernel, tableOf(tablesOf(kernel), table, fresh), verb, chain, rest);
    },
  };
}

function tableOf(tables: Tables, name: string, fresh: (table: string) => FakeTable): FakeTable {
  const table = tables.get(name) ?? fresh(name);
  tables.set(name, table);
  return table;
}

function tableLines(table: string, chains: FakeTable, fresh: FakeTable): readonly string[] {
  const names = sortedKeys(chains);
  const lost = sortedKeys(fresh).find(name => !chains.has(name));
  if (lost !== undefined) throw new Error(`no text says that table ${table} has no chain ${lost}`);
  const lines = names.flatMap(name => declaration(name, chains.get(name)?.policy, fresh.get(name)?.policy));
  const rules = names.flatMap(name => (chains.get(name)?.rules ?? []).map(rule => ruleLine(name, rule)));
  return [...lines, ...rules].map(line => `-t ${table} ${line}`);
}

function declaration(name: string, policy: string | undefined, freshPolicy: string | undefined): readonly string[] {
  if (policy === undefined) return [`-N ${name}`];
  return policy === freshPolicy ? [] : [`-P ${name} ${policy}`];
}

const ruleLine = (chain: string, rule: readonly string[]): string => ['-A', chain, ...rule.map(savedWord)].join(' ');

function runLine(kernel: FakeKernel, table: FakeTable, verb: string, name: string, rest: readonly string[]): void {
  const chain = table.get(name);
  const fail = (why: string) => wrong('iptables', [verb, name, ...rest], why);
  if (verb === '-P' && rest.length === 1) table.set(name, { policy: rest[0], rules: chain?.rules ?? [] });
  else if (verb === '-N' && rest.length === 0 && chain === undefined) table.set(name, { policy: undefined, rules: [] });
  else if (verb === '-A') (chain ?? fail('no such chain')).rules.push(checkedRule(kernel, table, rest));
  else fail('unknown words');
}

function checkedRule({ sets }: FakeKernel, table: FakeTable, rule: readonly string[]): FakeChain['rules'][number] {
  const target = targetOf(rule);
  if (!knownTargets.has(target) && !table.has(target)) wrong('iptables', rule, `no target ${target}`);
  const at = rule.indexOf('--match-set');
  if (at >= 0 && !sets.has(rule[at + 1] ?? '')) wrong('iptables', rule, 'no such set');
  return rule;
}
