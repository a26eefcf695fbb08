import { quoteCommand } from '../../../script/quote.js';
import type { DatapathIndex } from '../../datapath/datapath-index.js';
import { remembered } from '../../remembered.js';
import type { Packet } from '../../trace/packet.js';
import { type Answer, both, unknown } from '../match.js';
import { matchKinds } from '../matches/index.js';
import type { ParsedRule, RuleMatch } from '../rule.js';

/** Whether a rule fits a packet. */
export interface RuleAnswer {
  readonly answer: Answer;
  /** The words of the match that did not fit, quoted: `-p tcp`. Undefined unless the answer is `no`. */
  readonly failed: string | undefined;
}

/**
 * Asks the matches of a rule in their order, up to the first that does not fit. A match that kproxy does not know makes
 * the answer uncertain only if all others fit.
 */
export function testRule({ matches }: ParsedRule, packet: Packet, node: DatapathIndex): RuleAnswer {
  const answers: Answer[] = [];
  for (const match of matches) {
    const answer = testMatch(match, packet, node);
    if (answer.is === 'no') return { answer, failed: questionOf(match) };
    answers.push(answer);
  }
  return { answer: both(answers), failed: undefined };
}

function testMatch({ module, options }: RuleMatch, packet: Packet, node: DatapathIndex): Answer {
  const kind = matchKinds.get(module);
  return kind === undefined ? unknown(`kproxy does not know the match ${module}`) : kind.test(options, packet, node);
}

/** Returns the words of a match, quoted. `-m tcp` says nothing if there are options. Computed once: most rules fail. */
const questionOf = remembered(({ options, words }: RuleMatch) =>
  quoteCommand(words[0] === '-m' && options.length > 0 ? words.slice(2) : words),
);
