import { quoteCommand } from '../../../script/quote.js';
import type { RuleOption } from '../rule.js';
import type { Effect } from '../target.js';

/** Returns the effect of a target whose options are not understood. */
export const unknownOptionOf = (target: string, options: readonly RuleOption[]): Effect => ({
  kind: 'unknown',
  why: `kproxy does not know what ${quoteCommand([target, ...options.flatMap(wordsOf)])} does`,
});

const wordsOf = ({ isNegated, name, values }: RuleOption): readonly string[] => [
  ...(isNegated ? ['!'] : []),
  name,
  ...values,
];
