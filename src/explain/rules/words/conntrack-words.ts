import { withoutHostPrefix } from '../../../net/network.js';
import { type Table, table } from '../../../table.js';
import { listText } from '../../../text.js';
import type { RuleOption } from '../rule.js';
import type { OptionWords } from './option-words.js';

const stateWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    NEW: 'begin a connection',
    ESTABLISHED: 'belong to a connection that conntrack knows',
    RELATED: 'are related to one',
    INVALID: 'fit no connection',
    UNTRACKED: 'are not tracked',
    SNAT: 'belong to a connection whose source is changed',
    DNAT: 'belong to a connection whose destination is changed',
  }),
);

/** The order of states in a sentence: `belong to a connection that conntrack knows or are related to one`. */
const order = [...stateWords.keys()];

function states({ isNegated, values }: RuleOption): string {
  const named = (values[0] ?? '').split(',').sort((one, other) => order.indexOf(one) - order.indexOf(other));
  if (isNegated) return `whose conntrack state is not ${listText(named, 'or')}`;
  if (named.length === 1 && named[0] === 'RELATED') return 'that are related to a connection that conntrack knows';
  return `that ${listText(
    named.map(state => stateWords.get(state) ?? `have the conntrack state ${state}`),
    'or',
  )}`;
}

const originally =
  (what: string): OptionWords =>
  ({ isNegated, values }) =>
    `whose connection began with the ${what} ${isNegated ? 'other than ' : ''}${withoutHostPrefix(values[0] ?? '')}`;

/** The options of the match `conntrack`, as clauses. */
export const conntrackWords: Table<OptionWords> = table({
  '--ctstate': states,
  '--ctdir': ({ isNegated, values }) =>
    (values[0] === 'REPLY') === isNegated ? 'that are not answers' : 'that are answers',
  '--ctorigsrc': originally('source'),
  '--ctorigdst': originally('destination'),
  '--ctorigsrcport': originally('source port'),
  '--ctorigdstport': originally('destination port'),
});
