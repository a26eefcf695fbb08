import { widthOf } from '../../output/width.js';
import { indent, type Margins } from '../../output/wrap.js';
import { visible } from '../../visible.js';
import type { Movement } from '../observe/observed.js';
import { type ChangedPart, changedParts } from './changed-parts.js';
import { joinedParts, type MarkedText, markedLines, type Part, withMark } from './marked-text.js';
import { staysWithOption } from './option-words.js';
import { proseLines } from './prose.js';
import type { Style } from './style.js';

/** Returns a heading with what moved below it. The mark of each movement is in the first column. */
export const movedLines = (heading: string, movements: readonly Movement[], style: Style): readonly string[] => [
  ...proseLines(heading, style),
  ...movements.flatMap(movement => movementLines(cleaned(movement), style)),
];

const colors = { '+': 'green', '-': 'red', '~': 'yellow' } as const;

function movementLines({ mark, where, before, after }: Movement, style: Style): readonly string[] {
  if (before !== undefined && after !== undefined) return changeLines({ mark, where, before, after }, style);
  const color = style.paint[colors[mark]];
  const value = after ?? before ?? '';
  const parts = value === '' ? [{ text: where }] : [{ text: `${where}: ` }, { text: value, paint: color }];
  return withMark(color(mark), 1, ruleLines(joinedParts(parts), indent(2, 2), style.width));
}

/** Returns one line if that is wide enough, or else the value before and the value after on lines of their own. */
function changeLines({ mark, where, before, after }: Required<Movement>, style: Style): readonly string[] {
  const { paint, symbols, width } = style;
  const sign = paint[colors[mark]](mark);
  const changed = changedParts(before, after);
  const old = changed.before.map(part => painted(part, paint.red));
  const now = changed.after.map(part => painted(part, paint.green));
  const inOneLine = joinedParts([{ text: `${where}: ` }, ...old, { text: ` ${symbols.arrow} ` }, ...now]);
  if (widthOf(inOneLine.text) + 2 <= width) return withMark(sign, 1, markedLines(inOneLine, indent(2), width));
  const arrow = `  ${symbols.arrow} `;
  return [
    ...withMark(sign, 1, markedLines({ text: `${where}:`, spans: [] }, indent(2, 2), width)),
    ...ruleLines(joinedParts(old), indent(arrow.length, 2), width),
    ...ruleLines(joinedParts(now), { first: arrow, rest: ' '.repeat(arrow.length + 2) }, width),
  ];
}

const painted = ({ text, isChanged }: ChangedPart, paint: (text: string) => string): Part =>
  isChanged ? { text, paint } : { text };

/** Breaks what may be a rule of iptables into lines. */
const ruleLines = (rule: MarkedText, margins: Margins, width: number): readonly string[] =>
  markedLines(rule, margins, width, position => !staysWithOption(rule.text, position));

const clean = (text: string): string => visible(text.replace(/\s+/g, ' ').trim());

const cleaned = ({ mark, where, before, after }: Movement): Movement => ({
  mark,
  where: clean(where),
  ...(before !== undefined && { before: clean(before) }),
  ...(after !== undefined && { after: clean(after) }),
});
