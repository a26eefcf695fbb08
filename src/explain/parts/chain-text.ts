import { iptablesProgram } from '../../node/tools/iptables.js';
import type { Paint } from '../../output/paint.js';
import { countText, listText, plural } from '../../text.js';
import type { ChainExplanation, ChainPlace } from './part.js';
import { differenceLines, knowledgeLines, neededHere, paragraph, ruleLines, title } from './part-words.js';

/** Returns an explained chain as text, a section for each place where it is. */
export const chainText = ({ name, places }: ChainExplanation, paint: Paint): readonly string[] =>
  places.flatMap((place, index) => [
    ...(index === 0 ? [] : ['']),
    ...placeLines(name, place, places.findIndex(({ table }) => table === place.table) < index, paint),
  ]);

function placeLines(name: string, place: ChainPlace, isRepeated: boolean, paint: Paint): readonly string[] {
  const where = `${name} in ${iptablesProgram(place.family)} -t ${place.table}`;
  const rules = place.rules.flatMap(rule => ['', ...ruleLines(rule, paint, place.owner.is === 'kproxy')]);
  return [
    title(where, place.state, place.owner, paint),
    ...differenceLines(place.differences),
    '',
    ...(isRepeated ? [] : knowledgeLines(place)),
    ...neededHere(place.servicePorts),
    ...reachedLines(place),
    ...beforeLines(place),
    ...rules,
  ];
}

function reachedLines({ policy, jumpedFrom, hooks, rules, state }: ChainPlace): readonly string[] {
  if (state === 'not needed') return [];
  const none = rules.length === 0 ? ' It has no rules.' : '';
  if (policy !== undefined)
    return paragraph(`Packets that no rule decides are treated by the policy: ${policy}.${none}`);
  if (jumpedFrom.length === 0) return paragraph(`No rule jumps to it, so no packet reaches it.${none}`);
  const jumps = listText(
    jumpedFrom.map(({ chain, number }) => `${chain} (rule ${number})`),
    'and',
  );
  const from = hooks.length === 0 ? ', which no hook reaches' : `, for packets at ${listText(hooks, 'and')}`;
  return paragraph(`Packets come from ${jumps}${from}.${none}`);
}

const beforeLines = ({ before }: ChainPlace): readonly string[] =>
  before.length === 0
    ? []
    : paragraph(
        `${countText(before.length, 'rule')} of other software ${plural(before.length, 'comes', 'come')} before kproxy's ` +
          `last one: ${listText(before.map(String), 'and')}.`,
      );
