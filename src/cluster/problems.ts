import type * as z from 'zod';
import type { InvalidObject } from './cluster.js';

type Issue = z.core.$ZodIssue;

/** Returns zod's issues as one line each: `spec.ports[0].port: is not a port number (1 to 65535): 70000`. */
export function problemsOf(error: z.ZodError, object: unknown): readonly string[] {
  return error.issues.map(issue => {
    const value = valueAt(object, issue.path);
    const shown = value === undefined ? '' : `: ${excerpt(value)}`;
    return `${pathText(issue.path)}: ${issueText(issue, value)}${shown}`;
  });
}

/** Returns a line for stderr with the source, the object and each invalid field. */
export function invalidObjectLine(invalid: InvalidObject): string {
  const object = [invalid.kind || 'object', objectName(invalid)].filter(text => text !== '').join(' ');
  return `${quotedIfHostile(invalid.source)}: ${quotedIfHostile(object)}: ${invalid.problems.join('; ')}`;
}

const maximumLines = 20;

/** Returns a line for each invalid object, and after twenty a count of the others. */
export function invalidObjectLines(invalid: readonly InvalidObject[]): readonly string[] {
  const more = invalid.length - maximumLines;
  const lines = invalid.slice(0, maximumLines).map(invalidObjectLine);
  return more > 0 ? [...lines, `and ${more} more objects that cannot be used`] : lines;
}

function objectName({ namespace, name }: InvalidObject): string {
  if (name === '') return '';
  const text = namespace === '' ? name : `${namespace}/${name}`;
  return /^[-a-z0-9./]+$/.test(text) ? text : JSON.stringify(text);
}

/** Quotes a text with control characters, so that input cannot drive a terminal or forge log lines. */
export const quotedIfHostile = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) ? JSON.stringify(text) : text;

function issueText(issue: Issue, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (issue.code === 'invalid_type')
    return issue.message.startsWith('is ') ? issue.message : `must be ${typeText(issue.expected)}`;
  // A schema's own message says more than the list of valid values.
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return `is none of ${issue.values.filter(one => one !== '').join(', ')}`;
  if (issue.code === 'invalid_union' && 'options' in issue) return `is none of ${issue.options?.join(', ')}`;
  if (issue.code === 'too_small' && issue.origin === 'array') return 'is empty';
  return issue.message;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};
const typeText = (type: string): string => typeNames[type] ?? type;

function valueAt(object: unknown, path: readonly PropertyKey[]): unknown {
  let value = object;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map(key => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
  });
  return parts.join('').replace(/^\./, '');
}

const longestExcerpt = 80;
function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text;
}
