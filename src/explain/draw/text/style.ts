import type { Paint } from '../../../output/paint.js';
import { type Margins, padded, wrapped } from '../../../output/wrap.js';

/** How a packet's way is drawn as text. */
export interface Style {
  readonly paint: Paint;
  /** Draws rules that did not match too, and the counters of the node. */
  readonly isDetailed: boolean;
  /** Characters a line. Less than the terminal has within a branch. */
  readonly width: number;
}

/** The column of hooks, routing, IPVS: as wide as POSTROUTING and two blanks. */
export const labelWidth = 13;

/** Returns the lines of a label with its text beside it, the label bold or in a color. */
export function labeled(
  label: string,
  text: string,
  { paint, width }: Style,
  color: keyof Paint = 'bold',
): readonly string[] {
  const blanks = ' '.repeat(labelWidth);
  const [first = '', ...more] = wrapped(text, { first: padded(label, labelWidth), rest: blanks }, width);
  return [first.replace(label, () => paint[color](label)), ...more];
}

/** Returns lines beside the column of labels. */
export const beside = (text: string, { width }: Style): readonly string[] =>
  wrapped(text, { first: ' '.repeat(labelWidth), rest: ' '.repeat(labelWidth + 2) }, width);

/** Returns a wrapped text whose lines all have a color. */
export const colored = (
  text: string,
  margins: Margins,
  { paint, width }: Style,
  color: keyof Paint,
): readonly string[] => wrapped(text, margins, width).map(line => paint[color](line));
