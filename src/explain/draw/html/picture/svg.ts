import { type Markup, markup } from '../markup.js';
import type { Drawing } from './drawing.js';
import type { BoxShape, LineShape, Shape, TextShape } from './shapes.js';
import type { Station } from './station.js';

/** What a drawing is called, and where the details of its stations are. */
export interface SvgContext {
  /** Unique in the page. */
  readonly id: string;
  readonly className: string;
  readonly title: string;
  readonly description: string;
  /** Returns the id of the element with a station's details, or undefined if it has none. */
  readonly idOf: (station: Station) => string | undefined;
}

/** Returns a drawing as SVG. Each station with details is a link to them. */
export const svgOf = ({ width, height, shapes }: Drawing, context: SvgContext): Markup => markup`
<svg class="picture ${context.className}" viewBox="0 0 ${width} ${round(height)}" width="${width}"
 height="${round(height)}" role="group" aria-labelledby="${context.id}-title" aria-describedby="${context.id}-desc">
<title id="${context.id}-title">${context.title}</title>
<desc id="${context.id}-desc">${context.description}</desc>
${ordered(shapes).map(shape => shapeOf(shape, context))}
</svg>`;

/** Faint lines first, so that the way taken is above them. */
const ordered = (shapes: readonly Shape[]): readonly Shape[] => [
  ...shapes.filter(({ kind }) => kind === 'line'),
  ...shapes.filter(({ kind }) => kind !== 'line'),
];

const round = (length: number): number => Math.round(length * 10) / 10;

function shapeOf(shape: Shape, context: SvgContext): Markup {
  if (shape.kind === 'line') return lineOf(shape);
  return shape.kind === 'text' ? textOf(shape) : boxOf(shape, context);
}

const textOf = ({ x, y, look, text }: TextShape): Markup =>
  markup`<text class="t-${look}" x="${round(x)}" y="${round(y)}">${text}</text>\n`;

/** How long the head of an arrow is. */
const head = 7;

function lineOf({ points, look, hasHead }: LineShape): Markup {
  const [x, y] = points.at(-1) as readonly [number, number];
  const end = hasHead ? y - head : y;
  const corners = [...points.slice(0, -1), [x, end] as const].map(([left, top]) => `${round(left)},${round(top)}`);
  const tip = `M${round(x - 4.5)},${round(y - head - 1)}H${round(x + 4.5)}L${round(x)},${round(y)}Z`;
  return markup`<polyline class="line ${look}" points="${corners.join(' ')}"/>${
    hasHead && markup`<path class="head" d="${tip}"/>`
  }\n`;
}

function boxOf(box: BoxShape, { idOf }: SvgContext): Markup {
  const { x, y, width, look, texts, station } = box;
  const [left, top, height] = [x, y, box.height].map(round);
  const content = markup`<rect class="box ${look}" x="${left}" y="${top}" width="${round(width)}" height="${height}"
 rx="6"/>${texts.map(textOf)}`;
  const id = station && idOf(station);
  if (id === undefined) return markup`<g>${content}</g>\n`;
  const label = texts.map(({ text }) => text).join(' ');
  const sign = `M${round(x + width - 16)},${round(y + 12)}l5,5l-5,5`;
  return markup`<a href="#${id}" aria-label="${label}: show details">${content}<path class="more" d="${sign}"/></a>\n`;
}
