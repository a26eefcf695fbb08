/**
 * Control characters, characters without a width, and those that change the direction of text: a terminal obeys them or
 * hides them.
 */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]/gu;

/** Returns a text whose control and invisible characters are written as in JSON: `\u001b`, `\n`. */
export const visible = (text: string): string =>
  text.replace(hidden, character =>
    character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Returns plain data in which `visible` was applied to every text. */
export function visibleTexts<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleTexts) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, visibleTexts(field)])) as T;
}
