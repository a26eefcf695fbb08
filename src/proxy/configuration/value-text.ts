import { jsonText } from '../../json-text.js';

const longest = 80;

/** Returns a value as messages show it: as JSON, at most eighty characters of it. */
export function valueText(value: unknown): string {
  const text = jsonText(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
