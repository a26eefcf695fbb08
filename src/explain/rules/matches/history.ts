import { optionOf, valueOfOption } from '../kinds.js';
import { answer, chance, type MatchKind, no } from '../match.js';

/** Matches that count the node's connections, or look at the clock. */
export const history: readonly MatchKind[] = [
  {
    name: 'connlimit',
    test: options => {
      const above = valueOfOption(options, '--connlimit-above');
      return chance(
        above === undefined
          ? 'it depends on how many connections there are'
          : `it fits only if there are more than ${above} connections`,
      );
    },
  },
  { name: 'connbytes', test: () => chance('it depends on how much the connection has carried') },
  { name: 'quota', test: () => chance('it fits until so many bytes have passed') },
  { name: 'time', test: () => chance('it depends on the time') },
  { name: 'cpu', test: () => chance('it depends on the processor that handles the packet') },
  /** Counts the packet. */
  { name: 'nfacct', test: () => answer(true) },
  /** No helper of conntrack expects the connections of a Service. A packet without a connection fits not even `!`. */
  {
    name: 'helper',
    test: (options, { state }) =>
      state === 'UNTRACKED' || state === 'INVALID' ? no : answer(optionOf(options, '--helper')?.isNegated === true),
  },
  /** Only packets of IPsec have this header. */
  ...['esp', 'ah'].map(name => ({ name, test: () => no })),
];
