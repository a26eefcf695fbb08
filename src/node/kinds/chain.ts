import type { Check, Step } from '../command.js';
import type { Chain, Rule } from '../element.js';
import type { ElementKind } from '../kind.js';
import { iptablesProgram, restoreCommand, ruleLine, ruleText, savedLine } from '../tools/iptables.js';

const program = (chain: Chain, ...rest: readonly string[]): readonly string[] => [
  iptablesProgram(chain.family),
  '-w',
  '-t',
  chain.table,
  ...rest,
];

/** Equal in what they do to a packet; a rule's reason is not part of the kernel. */
export const sameRules = (one: readonly Rule[], other: readonly Rule[]): boolean =>
  one.length === other.length &&
  one.every((rule, index) => rule.argv.join('\0') === (other[index]?.argv ?? []).join('\0'));

/** The rules that are too many (`-`) or missing (`+`), each as often as it is. */
export function ruleDifferences(actual: readonly Rule[], desired: readonly Rule[]): readonly string[] {
  const [present, wanted] = [actual, desired].map(rules => rules.map(rule => ruleText(rule.argv)));
  const tooMany = without(present ?? [], wanted ?? []);
  const missing = without(wanted ?? [], present ?? []);
  if (tooMany.length + missing.length === 0)
    return sameRules(actual, desired) ? [] : ['its rules stand in another order'];
  return [...tooMany.map(rule => `- ${rule}`), ...missing.map(rule => `+ ${rule}`)];
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
  ...chain.rules.map(rule => ({ section: chain.table, text: ruleLine('-A', chain.name, rule.argv) })),
];

const create = (chain: Chain): Step => ({
  command: { argv: program(chain, '-N', chain.name) },
  unless: [{ argv: program(chain, '-n', '-L', chain.name) }],
});

const append = (chain: Chain, rule: Rule): Step => ({
  why: rule.why,
  beyondChapter: rule.beyondChapter === true,
  sets: rule.sets ?? [],
  command: { argv: program(chain, '-A', chain.name, ...rule.argv) },
  unless: [isThere(chain, rule)],
});

/** The legacy ip6tables 1.8.9 finds with -C what is not there: it takes any two sets, or marks, for the same. */
const isThere = (chain: Chain, { argv }: Rule): Check =>
  chain.family === 'IPv4'
    ? { argv: program(chain, '-C', chain.name, ...argv) }
    : { argv: program(chain, '-S', chain.name), finds: savedLine(chain.name, argv), once: true };

const removal = (chain: Chain) => [declaration(chain), { section: chain.table, text: `-X ${chain.name}` }];

/** One of kproxy's own chains with all its rules. An existing one is only ever rewritten as a whole, since flushing it would leave packets without rules for a moment. */
export const chainKind: ElementKind<Chain> = {
  stage: chain => `rules-${chain.family}`,
  key: chain => `chain ${chain.family} ${chain.table} ${chain.name}`,
  same: (actual, desired) => sameRules(actual.rules, desired.rules),
  differences: (actual, desired) => ruleDifferences(actual.rules, desired.rules),
  describe: chain => `chain ${chain.name} in ${iptablesProgram(chain.family)} -t ${chain.table}`,
  steps: change => {
    if (change.verb === 'add')
      return [create(change.after), ...change.after.rules.map(rule => append(change.after, rule))];
    if (change.verb === 'change') return [{ command: restoreCommand(change.after.family, rewriting(change.after)) }];
    return [
      {
        command: { argv: program(change.before, '-F', change.before.name) },
        when: { argv: program(change.before, '-n', '-L', change.before.name) },
      },
      {
        command: { argv: program(change.before, '-X', change.before.name) },
        when: { argv: program(change.before, '-n', '-L', change.before.name) },
      },
    ];
  },
  batch: change => (change.verb === 'remove' ? removal(change.before) : rewriting(change.after)),
};
