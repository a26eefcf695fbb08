import { optionOf, valueOfOption } from '../kinds.js';
import { type Answer, answer, chance, type MatchKind, signed, unknown } from '../match.js';
import type { RuleOption } from '../rule.js';

/** A share of all packets. `!` is in front of the probability, or of the number. */
export const statistic: MatchKind = {
  name: 'statistic',
  test(options) {
    const option = optionOf(options, '--probability') ?? optionOf(options, '--every');
    const share = shareOf(valueOfOption(options, '--mode'), Number(option?.values[0]));
    if (option === undefined || share === undefined || !options.every(isKnown))
      return unknown('kproxy does not know these options of the match statistic');
    return signed(option, chanceOf(share));
  },
};

const isKnown = ({ name }: RuleOption): boolean => ['--mode', '--probability', '--every', '--packet'].includes(name);

function shareOf(mode: string | undefined, number: number): number | undefined {
  if (mode === 'random' && number >= 0 && number <= 1) return number;
  return mode === 'nth' && number >= 1 ? 1 / number : undefined;
}

function chanceOf(share: number): Answer {
  if (share === 0 || share === 1) return answer(share === 1);
  return chance(`it fits ${percent(share)} of the packets`, share);
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
