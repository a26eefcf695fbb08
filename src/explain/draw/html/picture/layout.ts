import type { Ends } from '../../../trace/packet.js';
import type { End } from '../../../trace/trace.js';
import { destinationText, sourceText } from '../../words.js';
import { outcomeText } from '../words.js';
import type { Row } from './align.js';
import { arrowInset, type BoxShape, type LineShape, labelInset, type Shape, type TextShape } from './shapes.js';
import type { Station } from './station.js';
import { type Face, firstLines, fontSize, lineHeight, widthOf, wrap } from './text-width.js';

/** A part of the drawing, and the height at which it ends. */
export interface Block {
  readonly shapes: readonly Shape[];
  readonly bottom: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** What rows are drawn with. */
export interface Context {
  readonly clientTitle: string;
  /** How the way ends in these rows. Undefined if it goes on after them. */
  readonly end: End | undefined;
  /** The ends before the first row, for emphasizing what changes. */
  readonly previous: Ends | undefined;
}

const padding = 12;
const gap = 8;
/** Wide enough for PREROUTING. */
const faintWidth = 98;
const faintHeight = 28;

/** Lays rows out below each other, with arrows between the places that the packet passes. */
export function layOutRows(rows: readonly Row[], place: Place, context: Context): Block {
  const shapes: Shape[] = [];
  const lastTaken = rows.findLastIndex(({ taken }) => taken !== undefined);
  let { y } = place;
  let { previous } = context;
  for (const [index, row] of rows.entries()) {
    const box = layOutRow(row, { ...place, y }, { ...context, end: index === lastTaken ? context.end : undefined });
    shapes.push(...box.shapes);
    y = box.bottom;
    const next = rows[index + 1];
    if (next === undefined) break;
    const leaving = row.taken?.leaving ?? previous;
    const arrow = layOutArrow(
      {
        ends: index < lastTaken ? row.taken?.leaving : undefined,
        previous,
        isTaken: index < lastTaken,
        hasHead: index < lastTaken && next.taken !== undefined,
      },
      { ...place, y },
      row.way !== next.way,
    );
    shapes.push(...arrow.shapes);
    y = arrow.bottom;
    previous = leaving;
  }
  return { shapes, bottom: y };
}

function layOutRow(row: Row, place: Place, context: Context): Block {
  const { taken, faint } = row;
  if (taken === undefined) return layOutFaint(faint, place);
  const width = place.width - faint.length * (faintWidth + gap);
  const box = stationBox(taken, { ...place, width }, context);
  const beside = faint.map((title, index) =>
    faintBox(title, { x: place.x + width + gap + index * (faintWidth + gap), y: place.y, width: faintWidth }),
  );
  return { shapes: [box, ...beside], bottom: place.y + box.height };
}

function layOutFaint(titles: readonly string[], place: Place): Block {
  const width = (place.width - gap * (titles.length - 1)) / titles.length;
  const boxes = titles.map((title, index) => faintBox(title, { ...place, x: place.x + index * (width + gap), width }));
  return { shapes: boxes, bottom: place.y + faintHeight };
}

const faintBox = (title: string, { x, y, width }: Place): BoxShape => ({
  kind: 'box',
  x,
  y,
  width,
  height: faintHeight,
  look: 'faint',
  texts: [{ kind: 'text', x: x + padding, y: y + 18.5, look: 'faint', text: title }],
  station: undefined,
});

function stationBox(station: Station, place: Place, { end, clientTitle }: Context): BoxShape {
  const available = place.width - 2 * padding;
  const isPlace = station.kind === 'client' || station.kind === 'server';
  const isFailure = end !== undefined && end.verdict !== 'answered';
  const lines = [
    ...(station.kind === 'client'
      ? lined(clientTitle, 'name', available, 'plain', 3)
      : lined(station.title, isPlace ? 'name' : 'title', available, isPlace ? 'plain' : 'fixed', 3)),
    ...station.notes.flatMap(note => lined(note, 'note', available, 'plain', 3)).slice(0, 6),
    ...(end === undefined ? [] : lined(outcomeText(end), isFailure ? 'failed' : 'outcome', available, 'plain', 4)),
  ];
  return {
    kind: 'box',
    ...place,
    height: lines.length * lineHeight + 2 * padding - 5,
    look: isFailure ? 'failed' : isPlace ? 'end' : 'taken',
    texts: lines.map((line, index) => ({
      kind: 'text',
      x: place.x + padding,
      y: place.y + padding + 10.5 + index * lineHeight,
      ...line,
    })),
    station,
  };
}

/** Bold text of proportional fonts is about a tenth wider. */
const boldLooks: ReadonlySet<TextShape['look']> = new Set(['name', 'lane', 'outcome', 'failed']);

/** Returns a text as the lines that it takes, with `…` if there are too many. */
export function lined(
  text: string,
  look: TextShape['look'],
  available: number,
  face: Face,
  most: number,
): readonly Pick<TextShape, 'look' | 'text'>[] {
  const lines = wrap(text, boldLooks.has(look) ? available / 1.12 : available, face, fontSize.title);
  return firstLines(lines, most).map(line => ({ look, text: line }));
}

interface Leaving {
  /** What is written beside the arrow. */
  readonly ends: Ends | undefined;
  readonly previous: Ends | undefined;
  readonly isTaken: boolean;
  /** False for an arrow that goes past the next place. */
  readonly hasHead: boolean;
}

/** Draws an arrow with the packet's ends beside it. Where the answer begins that is written too. */
function layOutArrow({ ends, previous, isTaken, hasHead }: Leaving, place: Place, isTurn: boolean): Block {
  const begins: readonly TextShape[] = isTurn
    ? [{ kind: 'text', x: place.x + labelInset, y: place.y + 20, look: 'caption', text: 'the answer' }]
    : [];
  const labels =
    ends === undefined ? [] : labelTexts(ends, previous, { ...place, y: place.y + begins.length * lineHeight });
  const texts = [...begins, ...labels];
  const height = texts.length > 0 ? texts.length * lineHeight + 17 : hasHead ? 24 : 10;
  return { shapes: [arrow(place, height, isTaken, hasHead), ...texts], bottom: place.y + height };
}

const arrow = ({ x, y }: Place, height: number, isTaken: boolean, hasHead: boolean): LineShape => ({
  kind: 'line',
  points: [
    [x + arrowInset, y],
    [x + arrowInset, y + height],
  ],
  look: isTaken ? 'taken' : 'faint',
  hasHead,
});

/**
 * Returns the lines beside an arrow: source and destination, on one line if neither has changed and both fit. What has
 * changed is emphasized.
 */
export function labelTexts(ends: Ends, previous: Ends | undefined, place: Place): readonly TextShape[] {
  const available = place.width - labelInset;
  const isChanged = (textOf: (given: Ends) => string): boolean =>
    previous !== undefined && textOf(previous) !== textOf(ends);
  const parts = [
    { text: `${sourceText(ends)} →`, isNew: isChanged(sourceText) },
    { text: destinationText(ends), isNew: isChanged(destinationText) },
  ];
  const both = parts.map(({ text }) => text).join(' ');
  const isOneLine = !parts.some(({ isNew }) => isNew) && widthOf(both, 'fixed', fontSize.label) <= available;
  const lines = (isOneLine ? [{ text: both, isNew: false }] : parts).flatMap(({ text, isNew }) =>
    wrap(text, available, 'fixed', fontSize.label).map(line => ({ line, isNew })),
  );
  return lines.map(({ line, isNew }, index) => ({
    kind: 'text',
    x: place.x + labelInset,
    y: place.y + 20 + index * lineHeight,
    look: isNew ? 'changed' : 'label',
    text: line,
  }));
}
