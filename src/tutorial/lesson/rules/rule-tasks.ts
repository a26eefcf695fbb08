import type { RuleCheck } from '../../checks/check.js';
import type { Task } from '../step.js';

type Table = RuleCheck['table'];

/** Returns the task to create an empty chain on inajob. */
export const newChain = (table: Table, chain: string): Task => ({
  on: 'inajob',
  command: `sudo iptables -t ${table} -N ${chain}`,
  check: { kind: 'chain', on: 'inajob', table, chain },
});

/** Returns the task to append a rule, given in parts as iptables-save prints it. */
export const appendedRule = (table: Table, chain: string, ...parts: readonly string[]): Task => ({
  on: 'inajob',
  command: `sudo iptables -t ${table} -A ${chain} ${parts.join(' ')}`,
  check: { kind: 'rule', on: 'inajob', table, chain, rule: parts.join(' ') },
});

/** Returns the task to append a rule to a chain that must have none before it. */
export function firstRule(table: Table, chain: string, ...parts: readonly string[]): Task {
  const { on, command } = appendedRule(table, chain, ...parts);
  return { on, command, check: { kind: 'rule', on: 'inajob', table, chain, rule: parts.join(' '), isFirst: true } };
}

/** Returns the task to insert a rule at the top of a chain, as for a jump from a built-in chain. */
export const insertedRule = (table: Table, chain: string, ...parts: readonly string[]): Task => ({
  on: 'inajob',
  command: `sudo iptables -t ${table} -I ${chain} ${parts.join(' ')}`,
  check: { kind: 'rule', on: 'inajob', table, chain, rule: parts.join(' '), isFirst: true },
});
