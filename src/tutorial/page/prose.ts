import { isWide, widthOf } from '../../output/width.js';
import { indent, lineRanges, type Margins, type Range } from '../../output/wrap.js';
import { visible } from '../../visible.js';
import { staysWithNumber } from './counted-words.js';
import { type MarkedText, markedLines, withMark } from './marked-text.js';
import { staysWithOption } from './option-words.js';
import type { Style } from './style.js';

/**
 * Breaks a paragraph of the lesson into lines. What stands between backticks is a word of the tools: it is colored, or
 * keeps its backticks if there are no colors, and stays in one line if that is not too long.
 */
export function proseLines(paragraph: string, style: Style, margins: Margins = indent(0)): readonly string[] {
  const prose = withCodes(visible(unfolded(style.plain(paragraph))), style);
  const room = style.proseWidth - Math.max(widthOf(margins.first), widthOf(margins.rest));
  const mayBreak = (position: number) => {
    const code = prose.codes.find(({ start, end }) => start < position && position < end);
    if (code === undefined) return !staysWithNumber(prose.text, position);
    if (prose.text[position - 1] !== ' ' || staysWithOption(prose.text, position)) return false;
    return widthOf(prose.text.slice(code.start, code.end)) > room / 2;
  };
  const width = widthWithoutWidow(prose.text, margins, style.proseWidth, mayBreak);
  return markedLines(prose, margins, width, mayBreak);
}

/** A shorter last line looks lost: the end of a Japanese verb, for example. */
const leastLastLine = 8;
/** How much of the width may be given up for that. */
const mostNarrowing = 1 / 8;

/** Returns the greatest width close to the wanted one at which the last line is long enough, without more lines. */
function widthWithoutWidow(
  text: string,
  margins: Margins,
  wanted: number,
  mayBreak: (position: number) => boolean,
): number {
  const count = lineRanges(text, margins, wanted, mayBreak).length;
  for (let width = wanted; count > 1 && width >= wanted * (1 - mostNarrowing); width -= 1) {
    const lines = lineRanges(text, margins, width, mayBreak);
    if (lines.length > count) break;
    const last = lines.at(-1) ?? { start: 0, end: 0 };
    if (widthOf(text.slice(last.start, last.end)) >= leastLastLine) return width;
  }
  return wanted;
}

/** Does the same with a mark before the first line. The others begin below its text. */
export function markedProseLines(
  mark: string,
  paint: (text: string) => string,
  text: string,
  style: Style,
): readonly string[] {
  const width = widthOf(mark);
  return withMark(paint(mark), width, proseLines(text, style, indent(width + 1)));
}

/** Joins the lines of a paragraph as it is written in a source: with a blank, or without one in Japanese. */
const unfolded = (paragraph: string): string =>
  paragraph
    .trim()
    .replace(/[^\S\n]*\n\s*/g, (_, position: number, whole: string) => {
      const after = /\S/u.exec(whole.slice(position))?.[0] ?? '';
      const before = whole.slice(0, position).slice(-1);
      return isWide(before) && isWide(after) ? '' : ' ';
    })
    .replace(/[^\S\u3000]+/g, ' ');

function withCodes(paragraph: string, { isColored, paint }: Style): MarkedText & { readonly codes: readonly Range[] } {
  const codes: Range[] = [];
  let text = '';
  for (const [index, piece] of balancedPieces(paragraph).entries()) {
    const start = text.length;
    const isCode = index % 2 === 1;
    // Blanks at the ends of a word would not be seen in color either.
    text += isCode && (!isColored || piece !== piece.trim()) ? `\`${piece}\`` : piece;
    if (isCode) codes.push({ start, end: text.length });
  }
  return { text, codes, spans: isColored ? codes.map(code => ({ ...code, paint: paint.cyan })) : [] };
}

/** Returns an odd number of pieces. The last of an odd number of backticks stays in the text. */
function balancedPieces(paragraph: string): readonly string[] {
  const pieces = paragraph.split('`');
  return pieces.length % 2 === 1 ? pieces : [...pieces.slice(0, -2), pieces.slice(-2).join('`')];
}
