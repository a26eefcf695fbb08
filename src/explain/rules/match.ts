import type { DatapathIndex } from '../datapath/datapath-index.js';
import type { Packet } from '../trace/packet.js';
import type { Because } from '../trace/trace.js';
import type { RuleOption } from './rule.js';

/** Whether a match or a whole rule fits a packet. */
export type Answer =
  | { readonly is: 'yes'; readonly because?: Because }
  | { readonly is: 'no'; readonly because?: Because }
  /** It depends on something other than the packet: chance, a limit, or what kproxy does not understand. */
  | {
      readonly is: 'maybe';
      /** The share of packets that it fits, from 0 to 1, if that is known. */
      readonly share?: number;
      /** A clause: `it fits one packet in two`, `kproxy does not know the match u32`. */
      readonly why: string;
      readonly isUnknown: boolean;
    };

/** A match module of iptables. A new one is one file with one of these and one line in `matches/index.ts`. */
export interface MatchKind {
  /** The name after `-m`, or the option itself for `-s`, `-d`, `-p`, `-i`, `-o`. */
  readonly name: string;
  /**
   * Returns whether a packet fits all options.
   * An option that it does not know makes the answer `maybe` with `isUnknown`, never a guess.
   */
  test(options: readonly RuleOption[], packet: Packet, node: DatapathIndex): Answer;
}

export const yes: Answer = { is: 'yes' };
export const no: Answer = { is: 'no' };
export const answer = (is: boolean, because?: Because): Answer =>
  because === undefined ? (is ? yes : no) : { is: is ? 'yes' : 'no', because };
export const unknown = (why: string): Answer => ({ is: 'maybe', why, isUnknown: true });

/** An answer that depends on chance, or on something that a packet has and kproxy does not know. */
export const chance = (why: string, share?: number): Answer =>
  share === undefined ? { is: 'maybe', why, isUnknown: false } : { is: 'maybe', why, isUnknown: false, share };

/** Returns the opposite of an answer, with the same evidence. */
export function negated(given: Answer): Answer {
  if (given.is === 'maybe') return given.share === undefined ? given : { ...given, share: 1 - given.share };
  return { ...given, is: given.is === 'yes' ? 'no' : 'yes' };
}

/** Returns the answer to an option after `!`, or the answer itself. */
export const signed = ({ isNegated }: RuleOption, given: Answer): Answer => (isNegated ? negated(given) : given);

/**
 * Returns `no` if any answer is no, else `maybe` if any is, else `yes`, with the first evidence. Shares multiply: the
 * kernel's matches do not know of each other.
 */
export function both(answers: readonly Answer[]): Answer {
  const decisive = answers.find(({ is }) => is === 'no') ?? uncertain(answers.filter(isMaybe));
  return decisive ?? answers.find(one => one.is === 'yes' && one.because !== undefined) ?? yes;
}

type Maybe = Extract<Answer, { is: 'maybe' }>;

const isMaybe = (given: Answer): given is Maybe => given.is === 'maybe';

function uncertain(maybes: readonly Maybe[]): Answer | undefined {
  const [first] = maybes;
  if (first === undefined || maybes.length === 1) return first;
  const unknown = maybes.find(({ isUnknown }) => isUnknown);
  if (unknown !== undefined) return unknown;
  const why = [...new Set(maybes.map(maybe => maybe.why))].join(', and ');
  const shares = maybes.map(({ share }) => share).filter(share => share !== undefined);
  if (shares.length < maybes.length) return { is: 'maybe', why, isUnknown: false };
  return { is: 'maybe', why, isUnknown: false, share: shares.reduce((product, share) => product * share, 1) };
}
