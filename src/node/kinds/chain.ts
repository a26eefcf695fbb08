import type { Check, Step } from '../command.js';
import type { Chain, Rule } from '../element.js';
import type { ElementKind } from '../kind.js';
import { hasSameWords } from '../rule-words.js';
import { iptablesProgram, restoreCommand, ruleLine, ruleText, savedLine, tableCommand } from '../tools/iptables.js';

export const sameRules = (one: readonly Rule[], other: readonly Rule[]): boolean =>
  one.length === other.length && one.every((rule, index) => hasSameWords(rule, other[index] as Rule));

/** Returns a line for each surplus (`-`) and each missing (`+`) rule. */
export function ruleDifferences(actual: readonly Rule[], desired: readonly Rule[]): readonly string[] {
  const present = actual.map(ruleText);
  const needed = desired.map(ruleText);
  const surplus = without(present, needed);
  const missing = without(needed, present);
  if (surplus.length + missing.length === 0)
    return sameRules(actual, desired) ? [] : ['its rules are in another order'];
  return [...surplus.map(rule => `- ${rule}`), ...missing.map(rule => `+ ${rule}`)];
}

function without(rules: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return rules.filter(rule => {
    const index = left.indexOf(rule);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

const declaration = (chain: Chain) => ({ section: chain.table, text: `:${chain.name} - [0:0]` });
const rewriting = (chain: Chain) => [
  declaration(chain),
  ...chain.rules.map(rule => ({ section: chain.table, text: ruleLine('-A', chain.name, rule) })),
];

const create = (chain: Chain): Step => ({
  command: { argv: tableCommand(chain, '-N', chain.name) },
  unless: [{ argv: tableCommand(chain, '-n', '-L', chain.name) }],
});

const append = (chain: Chain, rule: Rule, index: number): Step => ({
  command: { argv: tableCommand(chain, '-A', chain.name, ...rule) },
  unless: [isPresent(chain, rule)],
  rule: index,
});

/** `ip6tables-legacy -C` 1.8.9 takes any two sets or marks for the same, so for IPv6 the saved line is compared. */
const isPresent = (chain: Chain, rule: Rule): Check =>
  chain.family === 'IPv4'
    ? { argv: tableCommand(chain, '-C', chain.name, ...rule) }
    : { argv: tableCommand(chain, '-S', chain.name), finds: savedLine(chain.name, rule), once: true };

const removal = (chain: Chain) => [declaration(chain), { section: chain.table, text: `-X ${chain.name}` }];

export const chainKey = ({ family, table, name }: Pick<Chain, 'family' | 'table' | 'name'>): string =>
  `chain ${family} ${table} ${name}`;

/**
 * One of kproxy's own chains with all its rules. An existing chain is only ever rewritten as a whole: flushing it first
 * would leave packets without rules for a moment.
 */
export const chainKind: ElementKind<Chain> = {
  stage: chain => `iptables-${chain.family}`,
  key: chainKey,
  same: (actual, desired) => sameRules(actual.rules, desired.rules),
  differences: (actual, desired) => ruleDifferences(actual.rules, desired.rules),
  describe: chain => `chain ${chain.name} in ${iptablesProgram(chain.family)} -t ${chain.table}`,
  steps: change => {
    if (change.verb === 'add')
      return [create(change.after), ...change.after.rules.map((rule, index) => append(change.after, rule, index))];
    if (change.verb === 'change') return [{ command: restoreCommand(change.after.family, rewriting(change.after)) }];
    const isThere = { argv: tableCommand(change.before, '-n', '-L', change.before.name) };
    return ['-F', '-X'].map(verb => ({
      command: { argv: tableCommand(change.before, verb, change.before.name) },
      when: isThere,
    }));
  },
  batch: change => (change.verb === 'remove' ? removal(change.before) : rewriting(change.after)),
};
