import type { LineMark } from './page.js';

/** Signs of the layout. */
export interface Symbols {
  /** Makes up the rule of an act. */
  readonly heavy: string;
  /** Makes up the rule of a step. */
  readonly light: string;
  readonly arrow: string;
  readonly marks: Readonly<Record<LineMark, string>>;
}

// The marks are one column wide in every terminal: none of them is of ambiguous width.
const unicodeSymbols: Symbols = {
  heavy: '\u2501',
  light: '\u2500',
  arrow: '\u2192',
  marks: { done: '\u2713', missing: '\u25e6', note: '\u25b8', error: '\u2717', recorded: '\u25cc' },
};

const asciiSymbols: Symbols = {
  heavy: '=',
  light: '-',
  arrow: '->',
  marks: { done: '*', missing: '!', note: '>', error: '!!', recorded: 'o' },
};

/** Returns signs that the terminal can show. */
export const symbolsFor = (isUnicode: boolean): Symbols => (isUnicode ? unicodeSymbols : asciiSymbols);
