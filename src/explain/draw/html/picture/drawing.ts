import type { Ends } from '../../../trace/packet.js';
import { laneNote, laneTitle } from './lane-title.js';
import { type Block, type Context, labelTexts, layOutRows, lined, type Place } from './layout.js';
import type { Lane, Picture } from './picture.js';
import { arrowInset, labelInset, type Shape, type TextShape } from './shapes.js';
import { lineHeight } from './text-width.js';

/** A drawing as shapes, in units that are pixels at its natural size. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** `narrow` has one lane below the other. `wide` has up to three beside each other, and more below each other. */
export type Form = 'narrow' | 'wide';

const margin = 2;
/** Fits beside margins and a scroll bar on a screen of 360 pixels. */
const narrowWidth = 312;
/** The width of a lane, by how many are beside each other. */
const wideLanes: Readonly<Record<number, number>> = { 2: 296, 3: 252 };
const onlyLane = narrowWidth - 2 * margin;
const laneGap = 28;
/** How far lanes that are below each other are from the left side, where the line that leads to them is. */
const spine = 20;

export const isWide = ({ lanes }: Picture): boolean => wideLanes[lanes.length] !== undefined;

/** @param context without what is before the first row */
export function draw(picture: Picture, form: Form, context: Omit<Context, 'previous' | 'end'>): Drawing {
  const lanes = picture.lanes.length;
  const laneWidth = lanes === 1 ? onlyLane : form === 'wide' ? wideLanes[lanes] : undefined;
  const width = laneWidth === undefined ? narrowWidth : lanes * laneWidth + (lanes - 1) * laneGap + 2 * margin;
  const place: Place = { x: margin, y: margin, width: width - 2 * margin };
  const trunk = layOutRows(picture.trunk, place, { ...context, previous: undefined, end: picture.end });
  const rest = lanes === 0 ? trunk : layOutFork(picture, { ...place, y: trunk.bottom }, laneWidth, context);
  const shapes = lanes === 0 ? trunk.shapes : [...trunk.shapes, ...rest.shapes];
  return { width, height: rest.bottom + margin, shapes };
}

function layOutFork(
  { trunk, lanes, forkedBy }: Picture,
  place: Place,
  laneWidth: number | undefined,
  context: Omit<Context, 'previous' | 'end'>,
): Block {
  const previous = trunk.findLast(({ taken }) => taken !== undefined)?.taken?.leaving;
  const head = layOutForkText(forkedBy ?? '', place, previous);
  const shapes: Shape[] = [...head.shapes];
  let bottom = head.bottom;
  for (const [index, lane] of lanes.entries()) {
    const x = laneWidth === undefined ? place.x + spine : place.x + index * (laneWidth + laneGap);
    const y = laneWidth !== undefined ? head.bottom : index === 0 ? bottom : bottom + laneGap;
    const from = { x: place.x + (laneWidth === undefined ? 8 : arrowInset), y: place.y };
    const laneContext = { ...context, previous, end: lane.end };
    const block = layOutLane(lane, from, { x, y, width: laneWidth ?? place.width - spine }, laneContext);
    shapes.push(...block.shapes);
    bottom = laneWidth === undefined ? block.bottom : Math.max(bottom, block.bottom);
  }
  return { shapes, bottom };
}

/** The ends before the fork, and what makes the ways different. */
function layOutForkText(text: string, place: Place, ends: Ends | undefined): Block {
  const labels = ends === undefined ? [] : labelTexts(ends, ends, place);
  const lines = lined(text, 'caption', place.width - labelInset, 'plain', 3);
  const captions = textsAt(lines, place, labels.length);
  return { shapes: [...labels, ...captions], bottom: place.y + (labels.length + captions.length) * lineHeight + 18 };
}

const textsAt = (
  lines: readonly Pick<TextShape, 'look' | 'text'>[],
  { x, y }: Place,
  skipped: number,
): readonly TextShape[] =>
  lines.map((line, index) => ({
    kind: 'text',
    x: x + labelInset,
    y: y + 20 + (skipped + index) * lineHeight,
    ...line,
  }));

/** A lane with the line that leads to it from the trunk, and its name beside the line. */
function layOutLane(
  lane: Lane,
  from: { readonly x: number; readonly y: number },
  place: Place,
  context: Context,
): Block {
  const available = place.width - labelInset;
  const note = laneNote(lane);
  const names = textsAt(
    [
      ...lined(laneTitle(lane), 'lane', available, 'plain', 3),
      ...(note === undefined ? [] : lined(note, 'note', available, 'plain', 3)),
    ],
    place,
    0,
  );
  const x = place.x + arrowInset;
  const top = place.y + names.length * lineHeight + 17;
  const rows = layOutRows(lane.rows, { ...place, y: top }, context);
  const points = [
    [from.x, from.y],
    ...(x === from.x
      ? []
      : ([
          [from.x, place.y],
          [x, place.y],
        ] as const)),
    [x, top],
  ] as const;
  return {
    shapes: [{ kind: 'line', points, look: 'taken', hasHead: true }, ...names, ...rows.shapes],
    bottom: rows.bottom,
  };
}
