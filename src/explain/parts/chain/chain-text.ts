import { iptablesProgram } from '../../../node/tools/iptables.js';
import type { Paint } from '../../../output/paint.js';
import { countText, listText, plural } from '../../../text.js';
import type { ChainExplanation, ChainPlace } from '../part.js';
import {
  differenceLines,
  knowledgeLines,
  neededHere,
  paragraphLines,
  ruleLines,
  stateText,
  title,
} from '../part-words.js';

/** Returns an explained chain as text, a section for each place where it is. */
export const chainText = ({ name, places }: ChainExplanation, paint: Paint): readonly string[] =>
  places.flatMap((place, index) => [
    ...(index === 0 ? [] : ['']),
    ...placeLines(name, place, places.findIndex(({ table }) => table === place.table) < index, paint),
  ]);

function placeLines(name: string, place: ChainPlace, isRepeated: boolean, paint: Paint): readonly string[] {
  const where = `${name} in ${iptablesProgram(place.family)} -t ${place.table}`;
  const isPartlyOwn = place.state !== 'foreign';
  return [
    title(where, place.state, titleState(place), paint),
    ...differenceLines(place.differences.filter(line => !isRuleDifference(line))),
    '',
    ...(isRepeated ? [] : knowledgeLines(place)),
    ...neededHere(place.servicePorts),
    ...reachedLines(place),
    ...beforeLines(place),
    ...place.rules.flatMap(rule => ['', ...ruleLines(rule, paint, isPartlyOwn)]),
  ];
}

/** In a built-in chain only the jumps are kproxy's. */
function titleState({ state, owner }: ChainPlace): string {
  const text = stateText(state, owner);
  return owner.is === 'kernel' && state !== 'foreign'
    ? `kproxy's jumps are ${text.replace('as it should', 'as they should').replace('needs it', 'needs them')}`
    : text;
}

/** Rules that are missing or too many are among the rules. */
const isRuleDifference = (line: string): boolean => /^[-+] /.test(line);

function reachedLines({ policy, jumpedFrom, hooks, rules, state }: ChainPlace): readonly string[] {
  if (state === 'not needed') return [];
  const none = rules.length === 0 ? ' It has no rules.' : '';
  if (policy !== undefined) return paragraphLines(`Packets that no rule decides get its policy: ${policy}.${none}`);
  if (state === 'missing') return [];
  if (jumpedFrom.length === 0) return paragraphLines(`No rule jumps to it, so no packet reaches it.${none}`);
  const sources = jumpedFrom.map(({ chain, number }) => `${chain} (rule ${number})`);
  const isDirect = jumpedFrom.every(({ chain }) => (hooks as readonly string[]).includes(chain));
  const from = hooks.length === 0 ? ', which no hook reaches' : isDirect ? '' : `, at ${listText(hooks, 'and')}`;
  return paragraphLines(`Packets come from ${listText(sources, 'and')}${from}.${none}`);
}

const beforeLines = ({ before }: ChainPlace): readonly string[] =>
  before.length === 0
    ? []
    : paragraphLines(
        `${countText(before.length, 'rule')} of other software ${plural(before.length, 'comes', 'come')} before ` +
          `kproxy's last jump: ${listText(before.map(String), 'and')}.`,
      );
