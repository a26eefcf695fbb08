import type { Check, Step } from '../command.js';
import type { Jumps, Rule } from '../element.js';
import type { BatchLine, ElementKind } from '../kind.js';
import { iptablesProgram, restoreCommand, ruleLine } from '../tools/iptables.js';
import { ruleDifferences, sameRules } from './chain.js';

const program = (jumps: Jumps, ...rest: readonly string[]): readonly string[] => [
  iptablesProgram(jumps.family),
  '-w',
  '-t',
  jumps.table,
  ...rest,
];

export const isJumpThere = (jumps: Jumps, rule: Rule): Check => ({
  argv: program(jumps, '-C', jumps.chain, ...rule.argv),
});

const savedLine = (jumps: Jumps, rule: Rule): string => ruleLine('-A', jumps.chain, rule.argv);

/** Whether the jumps stand where kproxy puts them: each once, at the chain's top, in their order. */
export const areJumpsRight = (jumps: Jumps): readonly Check[] =>
  jumps.rules.flatMap((rule, index) => [
    { argv: program(jumps, '-S', jumps.chain), finds: savedLine(jumps, rule), once: true },
    { argv: program(jumps, '-S', jumps.chain, String(index + 1)), finds: savedLine(jumps, rule), once: true },
  ]);

const lines = (jumps: Jumps, verb: '-I' | '-D', rules: readonly Rule[]): readonly BatchLine[] =>
  rules.map(rule => ({ section: jumps.table, text: ruleLine(verb, jumps.chain, rule.argv) }));

/** Each insertion goes to the top, so the last rule is inserted first. */
const inserted = (jumps: Jumps): readonly Rule[] => [...jumps.rules].reverse();

const insert = (jumps: Jumps, rule: Rule): Step => ({
  why: rule.why,
  beyondChapter: rule.beyondChapter === true,
  command: { argv: program(jumps, '-I', jumps.chain, ...rule.argv) },
  unless: [isJumpThere(jumps, rule)],
});
const remove = (jumps: Jumps, rule: Rule): Step => ({
  command: { argv: program(jumps, '-D', jumps.chain, ...rule.argv) },
  when: isJumpThere(jumps, rule),
});

/**
 * kproxy's jumps at the top of one built-in chain; the rest of that chain belongs to others.
 * They stand before every rule that ends a packet's way: behind a host firewall's, Service packets are dropped or keep a source that the backend cannot answer.
 */
export const jumpsKind: ElementKind<Jumps> = {
  stage: jumps => `jumps-${jumps.family}`,
  key: jumps => `jumps ${jumps.family} ${jumps.table} ${jumps.chain}`,
  same: (actual, desired) => actual.behind.length === 0 && sameRules(actual.rules, desired.rules),
  differences: (actual, desired) => [
    ...actual.behind.map(rule => `behind a rule that ends packets' way: ${rule}`),
    ...ruleDifferences(actual.rules, desired.rules),
  ],
  describe: jumps =>
    `jumps from ${jumps.chain} in ${iptablesProgram(jumps.family)} -t ${jumps.table} to ${jumps.rules.map(rule => rule.argv.at(-1)).join(', ')}`,
  steps: change => {
    if (change.verb === 'add') return inserted(change.after).map(rule => insert(change.after, rule));
    if (change.verb === 'remove') return change.before.rules.map(rule => remove(change.before, rule));
    return [
      {
        command: restoreCommand(change.after.family, jumpsKind.batch(change)),
        unless: areJumpsRight(change.after),
      },
    ];
  },
  batch: change => [
    ...(change.verb === 'add' ? [] : lines(change.before, '-D', change.before.rules)),
    ...(change.verb === 'remove' ? [] : lines(change.after, '-I', inserted(change.after))),
  ],
};
