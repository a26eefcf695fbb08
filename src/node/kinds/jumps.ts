import type { Check, Step } from '../command.js';
import type { Jumps, Rule } from '../element.js';
import type { BatchLine, ElementKind } from '../kind.js';
import { iptablesProgram, restoreCommand, ruleLine, savedLine, tableCommand } from '../tools/iptables.js';
import { ruleDifferences, sameRules } from './chain.js';

const isJumpPresent = (jumps: Jumps, rule: Rule): Check => ({
  argv: tableCommand(jumps, '-C', jumps.chain, ...rule),
});

/** Returns the checks that each jump is present once, at the chain's top, in order. */
const areJumpsInPlace = (jumps: Jumps): readonly Check[] =>
  jumps.rules.flatMap((rule, index) => [
    { argv: tableCommand(jumps, '-S', jumps.chain), finds: savedLine(jumps.chain, rule), once: true },
    {
      argv: tableCommand(jumps, '-S', jumps.chain, String(index + 1)),
      finds: savedLine(jumps.chain, rule),
      once: true,
    },
  ]);

const lines = (jumps: Jumps, verb: '-I' | '-D', rules: readonly Rule[]): readonly BatchLine[] =>
  rules.map(rule => ({ section: jumps.table, text: ruleLine(verb, jumps.chain, rule) }));

const insert = (jumps: Jumps, rule: Rule, index: number): Step => ({
  command: { argv: tableCommand(jumps, '-I', jumps.chain, ...rule) },
  unless: [isJumpPresent(jumps, rule)],
  rule: index,
});
const remove = (jumps: Jumps, rule: Rule): Step => ({
  command: { argv: tableCommand(jumps, '-D', jumps.chain, ...rule) },
  when: isJumpPresent(jumps, rule),
});

/**
 * kproxy's jumps at the top of one built-in chain; the rest of that chain belongs to others.
 * They come before every rule that ends a packet's way: behind the rules of a host firewall, Service packets would be
 * dropped, or keep a source that the backend cannot answer to.
 */
export const jumpsKind: ElementKind<Jumps> = {
  stage: jumps => `iptables-${jumps.family}`,
  key: jumps => jumpsKey(jumps.family, jumps.table, jumps.chain),
  same: (actual, desired) => sameRules(actual.rules, desired.rules),
  differences: (actual, desired) => ruleDifferences(actual.rules, desired.rules),
  describe: jumps =>
    `jumps from ${jumps.chain} in ${iptablesProgram(jumps.family)} -t ${jumps.table} to ` +
    `${jumps.rules.map(rule => rule.at(-1)).join(', ')}`,
  steps: change => {
    // Each insertion goes to the top, so the last rule is inserted first.
    if (change.verb === 'add')
      return change.after.rules.map((rule, index) => insert(change.after, rule, index)).reverse();
    if (change.verb === 'remove') return change.before.rules.map(rule => remove(change.before, rule));
    return [
      {
        command: restoreCommand(change.after.family, jumpsKind.batch(change)),
        unless: areJumpsInPlace(change.after),
      },
    ];
  },
  batch: change => [
    ...(change.verb === 'add' ? [] : lines(change.before, '-D', change.before.rules)),
    ...(change.verb === 'remove' ? [] : lines(change.after, '-I', [...change.after.rules].reverse())),
  ],
};

export const jumpsKey = (family: Jumps['family'], table: Jumps['table'], chain: string): string =>
  `jumps ${family} ${table} ${chain}`;
