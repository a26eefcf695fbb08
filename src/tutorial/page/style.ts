import { type Paint, paintWith } from '../../output/paint.js';
import { textWidth } from '../../output/wrap.js';
import type { PageOptions } from './page.js';
import { inAscii } from './plain-ascii.js';
import { type Symbols, symbolsFor } from './symbols.js';

/** How a page is drawn on the terminal as it is now. */
export interface Style {
  readonly paint: Paint;
  readonly isColored: boolean;
  readonly symbols: Symbols;
  /** The width of the longest line. */
  readonly width: number;
  /** The width of running text. */
  readonly proseWidth: number;
  /** Writes a text of the lesson in the characters that the terminal has. */
  readonly plain: (text: string) => string;
}

/** Longer lines are hard to read. */
const widest = 100;
/** A word, a mark and its blank. */
const narrowest = 10;

/**
 * Japanese terminals may draw characters such as an arrow or an ellipsis in two columns. Japanese text leaves room for
 * one of them in each line.
 */
const japaneseMargin = 2;

/** Returns the style for the terminal's present size. */
export function styleOf({ columns, colors, language, isUnicode }: PageOptions): Style {
  const width = Math.min(widest, Math.max(narrowest, columns() || textWidth));
  return {
    paint: paintWith(colors),
    isColored: colors,
    symbols: symbolsFor(isUnicode),
    width,
    proseWidth: language === 'ja' ? width - japaneseMargin : width,
    plain: isUnicode ? text => text : inAscii,
  };
}
