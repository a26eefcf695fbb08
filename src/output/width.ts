/**
 * Characters in two columns: wide (W) and fullwidth (F) ones of https://www.unicode.org/reports/tr11/, with the few
 * unassigned ones between them. Ambiguous ones count as narrow, as in all terminals that are not told otherwise.
 */
const wide = new RegExp(
  [
    // All of these are wide but the letters that make up flags.
    '(?![\\u{1f1e6}-\\u{1f1ff}])\\p{Emoji_Presentation}',
    '[\\u1100-\\u115f\\u2329\\u232a\\u2e80-\\u303e\\u3041-\\u3247\\u3250-\\ua4cf\\ua960-\\ua97c\\uac00-\\ud7a3]',
    '[\\uf900-\\ufaff\\u2630-\\u2637\\u268a-\\u268f\\ufe10-\\ufe19\\ufe30-\\ufe6b\\uff01-\\uff60\\uffe0-\\uffe6]',
    '[\\u{16fe0}-\\u{18dff}\\u{1aff0}-\\u{1b2fb}\\u{1d300}-\\u{1d376}\\u{1f200}-\\u{1f265}\\u{20000}-\\u{3fffd}]',
  ].join('|'),
  'u',
);

/** Characters that are drawn over the one before: accents, the vowels of a Korean syllable, selectors, joiners. */
const zeroWidth = /[\p{Mn}\p{Me}\u1160-\u11ff\u200b-\u200f\u2060-\u2064\ufeff]/u;

const ascii = /^[ -~]*$/;

/** Returns true if a character needs two columns of a terminal. */
export const isWide = (character: string): boolean =>
  character > '~' && !zeroWidth.test(character) && wide.test(character);

/** Returns true if a character has no column of its own. */
export const isZeroWidth = (character: string): boolean => character > '~' && zeroWidth.test(character);

/** Returns the number of columns that a terminal needs for one character. */
const widthOfCharacter = (character: string): number => {
  if (isZeroWidth(character)) return 0;
  return isWide(character) ? 2 : 1;
};

/** Returns the number of columns that a terminal needs for a text without control characters. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}
