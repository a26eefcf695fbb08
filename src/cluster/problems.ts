import type * as z from 'zod';
import { jsonText } from '../json-text.js';
import { type Table, table } from '../table.js';
import { isVisible, shortened, visible } from '../visible.js';
import type { InvalidObject } from './cluster.js';

type Issue = z.core.$ZodIssue;

/** Returns one of zod's issues as a line: `spec.ports[0].port: is not a port number (1 to 65535): 70000`. */
export function issueLine(issue: Issue, object: unknown): string {
  const value = valueAt(object, issue.path);
  const shown = value === undefined ? '' : `: ${excerpt(value)}`;
  return `${pathText(issue.path) || 'document'}: ${issueText(issue, value)}${shown}`;
}

/** What names an object in a message. */
export type ObjectReference = Pick<InvalidObject, 'source' | 'kind' | 'namespace' | 'name'>;

/** In characters: names are up to 253 characters long, and what is wrong must be seen after them. */
const longestPart = 300;
const longestLine = 800;

/** Returns a line about an object with the source from which it was read. It is one line of at most 800 characters. */
export function objectLine(object: ObjectReference, text: string): string {
  const named = [object.kind || 'object', objectName(object)].filter(part => part !== '').join(' ');
  const parts = [object.source, named].map(part =>
    shortened(quotedIfHostile(shortened(part, longestPart)), longestPart),
  );
  return shortened(visible(`${parts.join(': ')}: ${text}`), longestLine);
}

/** Returns a line for stderr with the source, the object and each invalid field. */
export const invalidObjectLine = (invalid: InvalidObject): string => objectLine(invalid, invalid.problems.join('; '));

const maximumLines = 20;

/** Returns the first twenty lines, and a count of the others: `and 3 more objects that cannot be used`. */
export function firstLines(lines: readonly string[], others: string): readonly string[] {
  const more = lines.length - maximumLines;
  return more > 0 ? [...lines.slice(0, maximumLines), `and ${more} more ${others}`] : lines;
}

function objectName({ namespace, name }: ObjectReference): string {
  if (name === '') return '';
  const text = namespace === '' ? name : `${namespace}/${name}`;
  return /^[-a-z0-9./]+$/.test(text) ? text : quoted(text);
}

/** Quotes a text with control or invisible characters, so that it cannot drive a terminal or forge log lines. */
export const quotedIfHostile = (text: string): string => (isVisible(text) ? text : quoted(text));

const quoted = (text: string): string => visible(JSON.stringify(text));

function issueText(issue: Issue, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (issue.code === 'invalid_type')
    return issue.message.startsWith('is ') ? issue.message : `must be ${typeText(issue.expected)}`;
  // A schema's own message says more than the list of valid values.
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return `is none of ${issue.values.filter(one => one !== '').join(', ')}`;
  if (issue.code === 'invalid_union' && 'options' in issue) return `is none of ${issue.options?.join(', ')}`;
  if (issue.code === 'too_small' && issue.origin === 'array') return 'is empty';
  return boundsText(issue) ?? issue.message;
}

/** Returns what zod says in words of its own of lengths, bounds and keys. A schema's own message is better. */
function boundsText(issue: Issue): string | undefined {
  if (issue.code === 'invalid_key') return 'has a key that is not allowed';
  if (!/^(Too|Invalid|Unrecognized)/.test(issue.message)) return undefined;
  if (issue.code === 'too_big')
    return issue.origin === 'string' || issue.origin === 'array' ? 'is too long' : 'is too large';
  return issue.code === 'too_small' ? 'is too small' : 'has a form that is not allowed';
}

const typeNames: Table<string> = table({
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
});
const typeText = (type: string): string => typeNames[type] ?? type;

/** Returns the value at a path, or undefined if there is none. */
export function valueAt(object: unknown, path: readonly PropertyKey[]): unknown {
  let value = object;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Returns a path as people write it: `spec.ports[0].port`. */
export function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map(key => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(String(key)) ? `.${String(key)}` : `[${quoted(String(key))}]`;
  });
  return parts.join('').replace(/^\./, '');
}

const longestExcerpt = 80;
function excerpt(value: unknown): string {
  const text = visible(jsonText(value));
  return text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text;
}
