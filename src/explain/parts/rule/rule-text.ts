import { iptablesProgram } from '../../../node/tools/iptables.js';
import type { Paint } from '../../../output/paint.js';
import { indent, wrapped } from '../../../output/wrap.js';
import { quoteCommand } from '../../../script/quote.js';
import { listText } from '../../../text.js';
import type { RuleExplanation, RuleInPlace } from '../part.js';
import { paragraphLines, ruleRemarks, stateText } from '../part-words.js';

/** Returns an explained rule as text: what it does, and where it is. */
export const ruleText = (rule: RuleExplanation, paint: Paint): readonly string[] => [
  ...wrapped(quoteCommand(rule.argv), indent(0, 4)).map(line => paint.bold(line)),
  '',
  ...paragraphLines(rule.words),
  '',
  ...placesLines(rule, paint),
];

function placesLines({ places, asked, isRead }: RuleExplanation, paint: Paint): readonly string[] {
  if (places.length === 0)
    return paragraphLines(
      isRead
        ? `No chain of this node has it, and kproxy does not need it${asked === undefined ? '' : ` in ${asked}`}.`
        : 'kproxy does not need it. The node was not read.',
    );
  const isElsewhere =
    asked !== undefined && !places.some(({ table, chain }) => [chain, `${table} ${chain}`].includes(asked));
  return [
    ...(isElsewhere ? paragraphLines(`${asked} does not have it.`) : []),
    ...places.flatMap((place, index) => [...(index === 0 ? [] : ['']), ...placeLines(place, paint)]),
  ];
}

function placeLines(place: RuleInPlace, paint: Paint): readonly string[] {
  const chain = `${place.chain} in ${iptablesProgram(place.family)} -t ${place.table}`;
  const where = place.number === undefined ? chain : `Rule ${place.number} of ${chain}`;
  const reached =
    place.hooks.length === 0 ? 'No hook leads there.' : `Packets at ${listText(place.hooks, 'and')} can reach it.`;
  return [
    ...wrapped(`${where}: ${stateText(place.state, place.owner)}.`, indent(2, 2)),
    ...paragraphLines(reached, 6),
    ...ruleRemarks(place, paint),
  ];
}
