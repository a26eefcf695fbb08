import { breaksIn } from './line-breaks.js';
import { isZeroWidth, widthOf } from './width.js';

/** The width of a terminal on which every text of kproxy is readable. */
export const textWidth = 80;

/** What is before the first line of a text, and before all others. Both count as part of the width. */
export interface Margins {
  readonly first: string;
  readonly rest: string;
}

/** Returns margins of blanks. The lines after the first one have `hanging` more. */
export const indent = (blanks: number, hanging = 0): Margins => ({
  first: ' '.repeat(blanks),
  rest: ' '.repeat(blanks + hanging),
});

/** Pads a text with blanks on its right. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/**
 * Breaks a text at its blanks, and between Japanese characters, into lines that are no wider than `width`. A word that
 * is wider than a line continues on the next one, so that nothing is lost.
 */
export function wrapped(text: string, margins: Margins, width = textWidth): readonly string[] {
  const flat = text.replace(/\s+/g, ' ');
  return lineRanges(flat, margins, width).map(({ start, end }, index) =>
    `${index === 0 ? margins.first : margins.rest}${flat.slice(start, end)}`.trimEnd(),
  );
}

/** A part of a text, as `slice` takes it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns which parts of a text make up its lines. The text must be without line breaks, and without two blanks in a
 * row. Lines end where `mayBreak` allows it for the position at which the next line would begin. Only what is wider
 * than a line without such a position is broken elsewhere, and cut if it is a single word.
 */
export function lineRanges(
  text: string,
  { first, rest }: Margins,
  width: number,
  mayBreak: (position: number) => boolean = () => true,
): readonly Range[] {
  const room = Math.max(1, width - Math.max(widthOf(first), widthOf(rest)));
  const lines: Range[] = [];
  let line: Range | undefined;
  let used = 0;
  for (const { start, end, isCut } of pieces(text, room, mayBreak)) {
    const added = line === undefined ? 0 : widthOf(text.slice(line.end, end));
    if (line !== undefined && !isCut && used + added <= width) {
      line = { start: line.start, end };
      used += added;
      continue;
    }
    if (line !== undefined) lines.push(line);
    line = { start, end };
    used = widthOf(lines.length === 0 ? first : rest) + widthOf(text.slice(start, end));
  }
  return line === undefined ? lines : [...lines, line];
}

interface Piece extends Range {
  /** True if it continues a piece that was wider than a line. */
  readonly isCut: boolean;
}

/** Yields what is between the places where a line may end, without the blanks, cut to the room of a line. */
function* pieces(text: string, room: number, mayBreak: (position: number) => boolean): Generator<Piece> {
  let whole: Range[] = [];
  for (const { start, end, next } of unbroken(text)) {
    whole.push({ start, end });
    if (next < text.length && !mayBreak(next)) continue;
    const all = { start: whole[0]?.start ?? start, end };
    const fits = widthOf(text.slice(all.start, all.end)) <= room;
    for (const piece of fits ? [all] : whole) yield* cut(text, piece, room);
    whole = [];
  }
}

/** Yields what no line can end within, and where the next such piece begins. */
function* unbroken(text: string): Generator<Range & { readonly next: number }> {
  let start = 0;
  for (const word of text.split(' ')) {
    const wordEnd = start + word.length;
    const ends = breaksIn(word).map(position => start + position);
    for (const end of ends) {
      yield { start, end, next: end };
      start = end;
    }
    yield { start, end: wordEnd, next: wordEnd + 1 };
    start = wordEnd + 1;
  }
}

/** Yields a part of a text in pieces that fit into a line. */
function* cut(text: string, { start, end }: Range, room: number): Generator<Piece> {
  let from = start;
  let position = start;
  let width = 0;
  for (const character of text.slice(start, end)) {
    const added = widthOf(character);
    if (width + added > room && position > from && !isZeroWidth(character)) {
      yield { start: from, end: position, isCut: from > start };
      from = position;
      width = 0;
    }
    position += character.length;
    width += added;
  }
  yield { start: from, end, isCut: from > start };
}
