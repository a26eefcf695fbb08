import { sorted } from '../objects/object.js';

/**
 * Characters that Go writes as escapes in JSON, so that the text may stand in HTML, and control characters that JSON
 * does not escape, but a terminal obeys.
 */
const escaped = /[<>&\u2028\u2029\u007f-\u009f]/g;

export const withEscapes = (text: string): string =>
  text.replace(escaped, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Returns a value as Go writes it in JSON: the fields in the order of their names. */
export const compactJson = (value: unknown): string => withEscapes(JSON.stringify(sorted(value)));

/** Returns an object as `kubectl get -o json` prints it. */
export const jsonText = (value: unknown): string => `${withEscapes(JSON.stringify(sorted(value), null, 4))}\n`;
