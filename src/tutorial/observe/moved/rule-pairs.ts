import type { RuleAnswer } from '../observed.js';

/** A rule of both lists, or of one. Numbers begin at 1. */
export interface RulePair {
  readonly before?: NumberedRule;
  readonly after?: NumberedRule;
}

export interface NumberedRule extends RuleAnswer {
  readonly number: number;
}

/** The same rule in both lists. */
export interface KeptRule {
  readonly before: NumberedRule;
  readonly after: NumberedRule;
}

export const isKept = (pair: RulePair): pair is KeptRule => pair.before !== undefined && pair.after !== undefined;

/**
 * Pairs the rules of a chain with what they were. As many rules as possible are kept (the longest common subsequence),
 * so a rule is not removed and added because another one was put before it.
 */
export function pairRules(before: readonly RuleAnswer[], after: readonly RuleAnswer[]): readonly RulePair[] {
  const lengths = commonLengths(before, after);
  const pairs: RulePair[] = [];
  const at = { before: 0, after: 0 };
  const next = (list: readonly RuleAnswer[], side: 'before' | 'after'): NumberedRule | undefined => {
    const rule = list[at[side]++];
    return rule && { ...rule, number: at[side] };
  };
  while (at.before < before.length || at.after < after.length) {
    const [one, other] = [before[at.before], after[at.after]];
    if (one !== undefined && one.text === other?.text) pairs.push(pairOf(next(before, 'before'), next(after, 'after')));
    else if (other === undefined || isBetterSkipped(lengths, at)) pairs.push(pairOf(next(before, 'before'), undefined));
    else pairs.push(pairOf(undefined, next(after, 'after')));
  }
  return pairs;
}

const pairOf = (before: NumberedRule | undefined, after: NumberedRule | undefined): RulePair => ({
  ...(before && { before }),
  ...(after && { after }),
});

type Lengths = readonly (readonly number[])[];

/** Returns true if the rest has more in common without the next rule of the earlier list. */
const isBetterSkipped = (lengths: Lengths, at: { readonly before: number; readonly after: number }): boolean =>
  at.before < lengths.length - 1 &&
  (lengths[at.before + 1]?.[at.after] ?? 0) >= (lengths[at.before]?.[at.after + 1] ?? 0);

/** Returns the length of the longest common subsequence from each pair of places to the ends. */
function commonLengths(before: readonly RuleAnswer[], after: readonly RuleAnswer[]): Lengths {
  const lengths = Array.from({ length: before.length + 1 }, () => Array<number>(after.length + 1).fill(0));
  const length = (one: number, other: number): number => lengths[one]?.[other] ?? 0;
  for (let one = before.length - 1; one >= 0; one -= 1)
    for (let other = after.length - 1; other >= 0; other -= 1) {
      const row = lengths[one] as number[];
      row[other] =
        before[one]?.text === after[other]?.text
          ? length(one + 1, other + 1) + 1
          : Math.max(length(one + 1, other), length(one, other + 1));
    }
  return lengths;
}
