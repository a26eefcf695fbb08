import { lineRanges, type Margins, type Range } from '../../output/wrap.js';

/** A text with parts in colors. Has no line breaks and no two blanks in a row. */
export interface MarkedText {
  readonly text: string;
  /** In their order. They do not overlap. */
  readonly spans: readonly Span[];
}

interface Span extends Range {
  readonly paint: (text: string) => string;
}

/** A piece of a text, with what colors it. */
export interface Part {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Puts parts together. */
export function joinedParts(parts: readonly Part[]): MarkedText {
  const spans: Span[] = [];
  let text = '';
  for (const part of parts) {
    if (part.paint !== undefined)
      spans.push({ start: text.length, end: text.length + part.text.length, paint: part.paint });
    text += part.text;
  }
  return { text, spans };
}

/** Breaks a text into lines. Colors end with each line and begin again on the next. */
export const markedLines = (
  { text, spans }: MarkedText,
  margins: Margins,
  width: number,
  mayBreak?: (position: number) => boolean,
): readonly string[] =>
  lineRanges(text, margins, width, mayBreak).map((range, index) => {
    const margin = index === 0 ? margins.first : margins.rest;
    return `${margin}${painted(text, spans, range)}`.trimEnd();
  });

function painted(text: string, spans: readonly Span[], { start, end }: Range): string {
  let line = '';
  let position = start;
  for (const span of spans) {
    const from = Math.max(span.start, position);
    const to = Math.min(span.end, end);
    if (from >= to) continue;
    line += text.slice(position, from) + span.paint(text.slice(from, to));
    position = to;
  }
  return line + text.slice(position, end);
}

/** Replaces the blanks at the beginning of the first line by a mark that is `width` columns wide. */
export const withMark = (mark: string, width: number, [first = '', ...more]: readonly string[]): readonly string[] => [
  `${mark}${first.slice(width)}`,
  ...more,
];
