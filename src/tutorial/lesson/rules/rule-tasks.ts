import type { RuleCheck } from '../../checks/check.js';
import type { Task } from '../step.js';

type Table = RuleCheck['table'];

/** Returns the task to create an empty chain on inajob. */
export const newChain = (table: Table, chain: string): Task => ({
  on: 'inajob',
  command: `sudo iptables -t ${table} -N ${chain}`,
  check: { kind: 'chain', on: 'inajob', table, chain },
});

/** Returns a function from a rule, given in parts as iptables-save prints it, to the task that adds it on inajob. */
const addingBy =
  (option: '-A' | '-I', place: Pick<RuleCheck, 'isFirst'>) =>
  (table: Table, chain: string, ...parts: readonly string[]): Task => {
    const rule = parts.join(' ');
    return {
      on: 'inajob',
      command: `sudo iptables -t ${table} ${option} ${chain} ${rule}`,
      check: { kind: 'rule', on: 'inajob', table, chain, rule, ...place },
    };
  };

/** Returns the task to append a rule. */
export const appendedRule = addingBy('-A', {});

/** Returns the task to append a rule to a chain that must have none before it. */
export const firstRule = addingBy('-A', { isFirst: true });

/** Returns the task to insert a rule at the top of a chain, as for a jump from a built-in chain. */
export const insertedRule = addingBy('-I', { isFirst: true });
