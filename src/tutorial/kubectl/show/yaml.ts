import { isMapping } from '../objects/object.js';
import { withEscapes } from './json.js';

/**
 * Returns an object as `kubectl get -o yaml` prints it: the fields in the order of their names, lists not indented, and
 * texts quoted only if they would mean something else. output/yaml.ts, for what kproxy writes itself, quotes more.
 */
export const yamlText = (value: unknown): string => `${block(value, '').replace(/^\n| /, '')}\n`;

/** Returns what stands behind a key: on the same line, or on lines of its own. */
function block(value: unknown, indent: string): string {
  if (Array.isArray(value))
    return value.length === 0 ? ' []' : value.map(item => `\n${indent}- ${inItem(item, `${indent}  `)}`).join('');
  if (!isMapping(value)) return ` ${scalar(value, indent)}`;
  const names = Object.keys(value)
    .filter(name => value[name] !== undefined)
    .sort();
  return names.length === 0 ? ' {}' : names.map(name => `\n${indent}${field(name, value[name], indent)}`).join('');
}

const field = (name: string, value: unknown, indent: string): string =>
  `${scalar(name, indent)}:${block(value, Array.isArray(value) ? indent : `${indent}  `)}`;

/** The first field of a mapping stands behind the dash. */
const inItem = (item: unknown, indent: string): string => block(item, indent).trimStart();

function scalar(value: unknown, indent: string): string {
  if (typeof value !== 'string') return String(value);
  if (value.includes('\n') && isPrintable(value)) return literal(value, indent);
  if (!isPrintable(value) || meansOther(value)) return withEscapes(JSON.stringify(value));
  return canBePlain(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

/** A text of several lines. The sign says how many line breaks stand at its end: one, none, or all that are there. */
function literal(text: string, indent: string): string {
  const sign = !text.endsWith('\n') ? '-' : text.endsWith('\n\n') ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  const hint = /^[ \n]/.test(text) ? '2' : '';
  return `|${hint}${sign}${lines.map(line => (line === '' ? '\n' : `\n${indent}${line}`)).join('')}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the pattern finds
const isPrintable = (text: string): boolean => !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/.test(text);

/** Texts that readers of YAML 1.1 take for another type. */
const otherTypes: readonly RegExp[] = [
  /^(|~|null|Null|NULL)$/,
  /^(y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*)$/,
  /^[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)([eE][-+]?[0-9]+)?$/,
  /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/,
  /^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/,
  /^\d{4}-\d\d?-\d\d?([Tt]|[ \t]+\d|$)/,
  /^(<<|=)$/,
];

const meansOther = (text: string): boolean => otherTypes.some(pattern => pattern.test(text));

/** Texts without what YAML's syntax uses. */
const canBePlain = (text: string): boolean =>
  !/^[,[\]{}#&*!|>'"%@`]|^[-?:]( |$)|^(---|\.\.\.)|^\s|\s$|: |:$| #/.test(text);
