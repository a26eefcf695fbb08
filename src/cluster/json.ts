import type { ParseResult } from './parse-result.js';
import { repeatedKey } from './repeated-key.js';

/** Parses a JSON text. Returns undefined if it is not JSON. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Parses one or more JSON values, one after another (as `jq -c` prints them). JSON.parse is many times faster than a
 * YAML parser.
 */
export function parseJsonDocuments(text: string): ParseResult {
  const values: unknown[] = [];
  let start = 0;
  while (start < text.length) {
    const rest = text.slice(start);
    if (rest.trim() === '') break;
    const first = parseFirst(rest);
    if (!first.ok) return { ok: false, message: first.message, position: start + first.position };
    const repeated = repeatedKey(rest.slice(0, first.length));
    if (repeated !== undefined)
      return {
        ok: false,
        message: `the key ${JSON.stringify(repeated.key)} is there twice in one object`,
        position: start + repeated.position,
      };
    values.push(first.value);
    start += first.length;
  }
  return { ok: true, values };
}

type FirstValue =
  | { readonly ok: true; readonly value: unknown; readonly length: number }
  | { readonly ok: false; readonly message: string; readonly position: number };

/** Parses the first value of a text. V8's error message says where the text after it begins. */
function parseFirst(text: string): FirstValue {
  try {
    return { ok: true, value: JSON.parse(text), length: text.length };
  } catch (error) {
    const message = (error as SyntaxError).message;
    const position = Number(/ at position (\d+)/.exec(message)?.[1] ?? text.length);
    const hasMore = message.startsWith('Unexpected non-whitespace character after JSON');
    if (!hasMore || !'{['.includes(text[position] ?? ''))
      return { ok: false, message: message.replace(/ (in JSON )?at position \d+.*$/s, ''), position };
    return { ok: true, value: JSON.parse(text.slice(0, position)), length: position };
  }
}
