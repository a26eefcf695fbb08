import { type Table, table } from '../../table.js';

/** For running text. */
const words: Table<string> = table({
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2013': '-',
  '\u2014': '--',
  '\u2026': '...',
  '\u2190': '<-',
  '\u2192': '->',
  '\u21d2': '=>',
  '\u2212': '-',
  '\u00a0': ' ',
  '\u00b7': '-',
  '\u00d7': 'x',
  '\u2248': '~',
  '\u2260': '!=',
  '\u2264': '<=',
  '\u2265': '>=',
  '\u2713': 'x',
  '\u2717': '-',
});

/** For pictures: one column for one column. */
const signs: Table<string> = table({
  '\u2014': '-',
  '\u2026': '.',
  '\u2190': '<',
  '\u2191': '^',
  '\u2192': '>',
  '\u2193': 'v',
  '\u2194': '-',
  '\u2195': '|',
  '\u25b2': '^',
  '\u25b6': '>',
  '\u25b8': '>',
  '\u25ba': '>',
  '\u25bc': 'v',
  '\u25c0': '<',
  '\u25c4': '<',
  '\u2022': '*',
  '\u25cb': 'o',
  '\u25cf': '*',
  '\u2260': '#',
  '\u2264': '<',
  '\u2265': '>',
  '\u21d2': '>',
});

const horizontal = '\u2500\u2501\u2504\u2505\u2508\u2509\u254c\u254d\u2550\u2574\u2576\u2578\u257a';
const vertical = '\u2502\u2503\u2506\u2507\u250a\u250b\u254e\u254f\u2551\u2575\u2577\u2579\u257b';

/** Writes a text without the signs that a terminal without Unicode cannot show. Letters stay as they are. */
export const inAscii = (text: string): string =>
  text.replace(/[\u00a0-\u00bf\u00d7\u2000-\u2bff]/g, sign => words[sign] ?? pictureSign(sign));

/** Does the same for a picture: every sign keeps its width. */
export const pictureInAscii = (picture: string): string =>
  picture.replace(/[\u00a0-\u00bf\u00d7\u2000-\u2bff]/g, pictureSign);

function pictureSign(sign: string): string {
  const sameWidth = signs[sign] ?? words[sign];
  if (sameWidth?.length === 1) return sameWidth;
  if (horizontal.includes(sign)) return '-';
  if (vertical.includes(sign)) return '|';
  // What is left of this block are corners and crossings.
  return /[\u2500-\u257f]/.test(sign) ? '+' : sign;
}
