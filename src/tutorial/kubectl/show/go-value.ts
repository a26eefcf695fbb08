import { isMapping } from '../objects/object.js';

/** Returns a value as Go prints it with `%v`: `[IPv4]`, `map[app:web]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isMapping(value)) return value === null || value === undefined ? '<nil>' : String(value);
  const fields = Object.keys(value).sort();
  return `map[${fields.map(name => `${name}:${goText(value[name])}`).join(' ')}]`;
}
