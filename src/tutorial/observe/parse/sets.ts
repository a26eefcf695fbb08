import type { MatchSet, SetEntry } from '../../../node/datapath/datapath.js';
import { parseMatchSets } from '../../../node/tools/ipset-save-sets.js';
import type { SetAnswer } from '../observed.js';

/** Parses the output of `ipset save`: the sets of all software. */
export const setsIn = (text: string): ReadonlyMap<string, SetAnswer> =>
  new Map(parseMatchSets(text).map(set => [set.name, answerOf(set)]));

const answerOf = ({ type, family, entries }: MatchSet): SetAnswer => ({
  type,
  ...(family === 'IPv6' ? { isIpv6: true } : {}),
  entries: entries.map(entryText),
});

const entryText = ({ value, isException }: SetEntry): string => (isException ? `${value} nomatch` : value);
