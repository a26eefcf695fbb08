import { optionOf, valueOfOption } from '../kinds.js';
import { answer, chance, type MatchKind, unknown } from '../match.js';

/**
 * Addresses that the kernel has seen. Adding one fits every packet; whether one is in the list depends on the packets
 * before. Source: recent_mt in xt_recent.c.
 */
export const recent: MatchKind = {
  name: 'recent',
  test(options) {
    const set = optionOf(options, '--set');
    if (set !== undefined) return answer(!set.isNegated);
    if (!['--rcheck', '--update', '--remove'].some(name => optionOf(options, name)))
      return unknown('kproxy does not know these options of the match recent');
    return chance(`it depends on the addresses in the list ${valueOfOption(options, '--name') ?? 'DEFAULT'}`);
  },
};
