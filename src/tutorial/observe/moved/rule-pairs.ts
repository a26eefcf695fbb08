import type { RuleAnswer } from '../observed.js';

/** A rule of both lists, or of one. Numbers begin at 1. */
export interface RulePair {
  readonly before?: NumberedRule | undefined;
  readonly after?: NumberedRule | undefined;
}

interface NumberedRule extends RuleAnswer {
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
  const common = commonLengths(before, after);
  const pairs: RulePair[] = [];
  let [one, other] = [0, 0];
  while (one < before.length || other < after.length) {
    const [old, now] = [numbered(before, one), numbered(after, other)];
    if (old?.text === now?.text) {
      pairs.push({ before: old, after: now });
      one += 1;
      other += 1;
    } else if (old !== undefined && common(one + 1, other) >= common(one, other + 1)) {
      pairs.push({ before: old });
      one += 1;
    } else {
      pairs.push({ after: now });
      other += 1;
    }
  }
  return pairs;
}

function numbered(rules: readonly RuleAnswer[], index: number): NumberedRule | undefined {
  const rule = rules[index];
  return rule && { ...rule, number: index + 1 };
}

/** Returns the length of the longest common subsequence from a pair of places to the ends. */
function commonLengths(before: readonly RuleAnswer[], after: readonly RuleAnswer[]) {
  const rows = Array.from({ length: before.length + 1 }, () => Array<number>(after.length + 1).fill(0));
  const length = (one: number, other: number): number => rows[one]?.[other] ?? -1;
  for (let one = before.length - 1; one >= 0; one -= 1)
    for (let other = after.length - 1; other >= 0; other -= 1) {
      const row = rows[one] as number[];
      const isSame = before[one]?.text === after[other]?.text;
      row[other] = isSame ? length(one + 1, other + 1) + 1 : Math.max(length(one + 1, other), length(one, other + 1));
    }
  return length;
}
