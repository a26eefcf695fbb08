import { listText } from '../../../text.js';
import type { ParsedRule } from '../rule.js';
import { matchWords, type TypeOfSet } from './match-words.js';
import { ownSetType } from './set-dimensions.js';
import { targetWords } from './target-words.js';

/** What is known of the other parts that a rule names. */
export interface RuleSurroundings {
  readonly typeOfSet?: TypeOfSet;
  /** Whether a name is that of a chain of the rule's table. */
  readonly isChain?: (name: string) => boolean;
}

/**
 * Returns the parts of a sentence about a rule: a clause for each thing that it matches (`whose protocol is TCP`), and
 * at the end what it does with the packets (`are dropped: the client gets no answer`). Comments are left out. What
 * kproxy does not know is named and not guessed.
 */
export const describeRule = (
  { matches, target }: ParsedRule,
  { typeOfSet = ownSetType, isChain }: RuleSurroundings = {},
): readonly string[] => [...matches.flatMap(match => matchWords(match, typeOfSet)), targetWords(target, isChain)];

/** Returns a rule as a sentence: `Packets whose protocol is TCP and whose source is 10.0.0.1 are dropped.` */
export function ruleSentence(rule: ParsedRule, surroundings: RuleSurroundings = {}): string {
  const parts = describeRule(rule, surroundings);
  const clauses = parts.slice(0, -1);
  const subject = clauses.length === 0 ? 'All packets' : `Packets ${listText(clauses, 'and')}`;
  return `${subject} ${parts.at(-1) ?? ''}.`;
}
