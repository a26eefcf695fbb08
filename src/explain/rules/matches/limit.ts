import { valueOfOption } from '../kinds.js';
import { chance, type MatchKind } from '../match.js';

/** How many packets fit depends on how many there were before. */
export const limit: MatchKind = {
  name: 'limit',
  test: options => chance(`it fits at most ${valueOfOption(options, '--limit') ?? 'a limited number of packets'}`),
};

export const hashlimit: MatchKind = {
  name: 'hashlimit',
  test: options => {
    const above = valueOfOption(options, '--hashlimit-above');
    if (above !== undefined) return chance(`it fits only packets above ${above}`);
    return chance(`it fits only packets up to ${valueOfOption(options, '--hashlimit-upto') ?? 'a limit'}`);
  },
};
