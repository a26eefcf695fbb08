import type { DatapathIndex } from '../datapath/datapath-index.js';
import type { Packet } from '../trace/packet.js';
import { type Answer, both, type MatchKind, signed, unknown } from './match.js';
import type { RuleOption } from './rule.js';

/** Returns whether a packet fits one option, `!` left aside. */
export type OptionTest = (values: readonly string[], packet: Packet, node: DatapathIndex) => Answer;

/**
 * Builds a match whose options are independent of each other.
 * @param tests by the option's name
 */
export function matchKind(name: string, tests: Readonly<Record<string, OptionTest>>): MatchKind {
  const testOf = new Map(Object.entries(tests));
  return {
    name,
    test: (options, packet, node) =>
      both(
        options.map(option => {
          const test = testOf.get(option.name);
          return test === undefined ? unknownOption(name, option) : signed(option, test(option.values, packet, node));
        }),
      ),
  };
}

export const unknownOption = (match: string, { name }: RuleOption): Answer =>
  unknown(`kproxy does not know the option ${name} of the match ${match}`);

/** Returns the first option with a name. */
export const optionOf = (options: readonly RuleOption[], name: string): RuleOption | undefined =>
  options.find(option => option.name === name);

/** Returns the first value of an option, or undefined if the option is missing or has none. */
export const valueOfOption = (options: readonly RuleOption[], name: string): string | undefined =>
  optionOf(options, name)?.values[0];
