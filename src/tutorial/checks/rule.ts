import type { KernelAnswer, Missing, RuleAnswer } from '../observe/observed.js';
import { noChain } from './chain.js';
import type { RuleCheck } from './check.js';
import { type Judge, missing } from './missing.js';
import { type ArgumentDifference, isSameRule, onlyArgument } from './rule-arguments.js';
import type { CheckTexts } from './texts/texts.js';

export const missingRule: Judge<RuleCheck> = (check, { workers }) => {
  const { table, chain, rule, isAbsent } = check;
  const { chains } = workers[check.on];
  const rules = chains.get(`${table} ${chain}`)?.rules;
  const numbers = numbersOf(rule, rules ?? []);
  const [number] = numbers;
  if (isAbsent)
    return number === undefined ? undefined : missing(texts => texts.ruleIsStillThere({ table, chain, number }));
  // The kernel has no chains of a table that nothing has used yet, but its built-in chains are always there.
  if (rules === undefined && !isBuiltIn(chain)) return noChain(table, chain, chains);
  return number === undefined
    ? noRule(check, rules ?? [], chains)
    : (notFirst(check, number, rules ?? []) ?? severalTimes(check, numbers));
};

const isBuiltIn = (chain: string): boolean => /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain);

/** Returns the places of a rule in a chain. The first is 1. */
const numbersOf = (rule: string, rules: readonly RuleAnswer[]): readonly number[] =>
  rules.flatMap(({ text }, index) => (isSameRule(text, rule) ? [index + 1] : []));

function noRule(check: RuleCheck, rules: readonly RuleAnswer[], chains: KernelAnswer['chains']): Missing {
  const { table, chain, rule } = check;
  const places = [...chains].filter(([, other]) => numbersOf(rule, other.rules).length > 0).map(([name]) => name);
  return (
    almostTheRule(check, rules) ??
    (places.length > 0
      ? missing(texts => texts.ruleIsElsewhere({ table, chain, places }))
      : missing(texts => texts.ruleIsMissing({ table, chain })))
  );
}

/** Names the argument in which a rule of the chain differs from the wanted one, if it is only one. */
function almostTheRule({ chain, rule }: RuleCheck, rules: readonly RuleAnswer[]): Missing | undefined {
  for (const [index, { text }] of rules.entries()) {
    const difference = onlyArgument(text, rule);
    if (difference === undefined) continue;
    return missing(texts => argumentText(texts, { chain, number: index + 1 }, difference));
  }
  return undefined;
}

function argumentText(
  texts: CheckTexts,
  place: { readonly chain: string; readonly number: number },
  { actual, wanted }: ArgumentDifference,
): string {
  if (actual === undefined) return texts.ruleLacksArgument({ ...place, wanted });
  if (wanted === undefined) return texts.ruleHasExtraArgument({ ...place, actual });
  return texts.ruleHasOtherArgument({ ...place, actual, wanted });
}

function notFirst({ chain, isFirst }: RuleCheck, number: number, rules: readonly RuleAnswer[]): Missing | undefined {
  const first = rules[0]?.text;
  if (!isFirst || number === 1 || first === undefined) return undefined;
  return missing(texts => texts.ruleIsNotFirst({ chain, number, first }));
}

function severalTimes({ table, chain }: RuleCheck, numbers: readonly number[]): Missing | undefined {
  const number = numbers.at(-1);
  if (numbers.length < 2 || number === undefined) return undefined;
  return missing(texts => texts.ruleIsThereTwice({ table, chain, count: numbers.length, number }));
}
