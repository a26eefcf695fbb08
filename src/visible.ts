/**
 * Characters that a terminal obeys or does not show: controls, characters without a glyph or a width, those that change
 * the direction of text, line separators, lone surrogates, and code points that are no characters.
 */
const classes = '\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}';
const hidden = new RegExp(`[${classes}]`, 'u');
const allHidden = new RegExp(hidden, 'gu');
const allHiddenInText = new RegExp(`(?![\\n\\t])[${classes}]`, 'gu');

const plain = /^[ -~]*$/;
const plainText = /^[\n\t -~]*$/;

/** Returns a character as JSON escapes it: two escapes for a character outside of the basic plane. */
function escaped(character: string): string {
  if (character === '\n') return '\\n';
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Returns true if a text has no control or invisible character. */
export const isVisible = (text: string): boolean => plain.test(text) || !hidden.test(text);

/** Returns a text in which each control or invisible character is replaced. */
export const replaceHidden = (text: string, replacement: (character: string) => string): string =>
  plain.test(text) ? text : text.replace(allHidden, replacement);

/** Returns a text as one line whose control and invisible characters are written as in JSON: `\u001b`, `\n`. */
export const visible = (text: string): string => replaceHidden(text, escaped);

/**
 * Returns a text of several lines as `visible` does, but keeps its newlines and tabs. JSON stays the same JSON, because
 * such characters are in its strings only, where they may be escaped.
 */
export const visibleText = (text: string): string =>
  plainText.test(text) ? text : text.replace(allHiddenInText, escaped);

/** Returns plain data in which `visible` was applied to every text. */
export function visibleTexts<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleTexts) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [visible(key), visibleTexts(field)])) as T;
}

/** Returns a text of at most this length: the middle of a longer one is left out, where `…` stands for it. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = Math.floor((longest - 1) / 3);
  const parts = [text.slice(0, longest - 1 - end), text.slice(-end)];
  // A cut between the two halves of a character would leave a lone one.
  return parts.map(part => part.replace(loneHalves, '')).join('\u2026');
}

const loneHalves = /^[\udc00-\udfff]|[\ud800-\udbff]$/g;
