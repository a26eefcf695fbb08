import { type Table, table } from '../../../table.js';
import type { Filter, Operand, Part, Step } from './template.js';

/** A template that cannot be read, in kubectl's words. */
export class JsonPathError extends Error {}

interface Open {
  readonly steps: readonly Step[];
  readonly parts: Part[];
}

/**
 * Parses a template.
 * @throws JsonPathError
 */
export function parseTemplate(template: string): readonly Part[] {
  const open: Open[] = [{ steps: [], parts: [] }];
  const add = (part: Part) => open.at(-1)?.parts.push(part);
  for (let rest = template; rest !== ''; ) {
    if (!rest.startsWith('{')) {
      const end = rest.includes('{') ? rest.indexOf('{') : rest.length;
      add({ kind: 'text', text: rest.slice(0, end) });
      rest = rest.slice(end);
      continue;
    }
    const end = closingBrace(rest, template);
    const action = rest.slice(1, end).trim();
    rest = rest.slice(end + 1);
    if (action.startsWith('range ')) open.push({ steps: parsePath(action.slice(6).trim()), parts: [] });
    else if (action === 'end') closeRange(open);
    else add(partOf(action));
  }
  if (open.length > 1) throw new JsonPathError('unexpected end of range, missing {end}');
  return open[0]?.parts ?? [];
}

function closeRange(open: Open[]): void {
  const closed = open.pop();
  if (closed === undefined || open.length === 0) throw new JsonPathError('not in range, nothing to end');
  open.at(-1)?.parts.push({ kind: 'range', ...closed });
}

/** Returns where the expression ends. A brace between quotes does not end it. */
function closingBrace(text: string, template: string): number {
  const match = /^\{(?:[^}'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\}/.exec(text);
  if (match === null) throw new JsonPathError(`error parsing jsonpath ${template}, unclosed action`);
  return match[0].length - 1;
}

const partOf = (action: string): Part =>
  /^['"]/.test(action) ? { kind: 'text', text: unquoted(action) } : { kind: 'path', steps: parsePath(action) };

const escapes: Table<string> = table({ n: '\n', t: '\t', r: '\r' });

const unquoted = (text: string): string =>
  text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);

/** By the first characters of a step: the pattern of the step, and what it means. */
const stepForms: readonly (readonly [RegExp, (match: readonly string[]) => Step])[] = [
  [/^\.\.\*/, () => ({ kind: 'deep', name: '*' })],
  [/^\.\.([^.[\]\s]+)/, ([, name = '']) => ({ kind: 'deep', name })],
  [/^\.?\[\*\]|^\.\*/, () => ({ kind: 'all' })],
  [/^\.?\[\?\((.*?)\)\]/, ([, text = '']) => ({ kind: 'filter', filter: parseFilter(text) })],
  [
    /^\.?\[(-?\d*):(-?\d*)\]/,
    ([, from = '', to = '']) => ({ kind: 'slice', ...bound('from', from), ...bound('to', to) }),
  ],
  [/^\.?\[(-?\d+)\]/, ([, index]) => ({ kind: 'index', index: Number(index) })],
  [/^\.?\[((?:'[^']*'|"[^"]*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*)\]/, ([, names = '']) => fieldsOf(names)],
  [/^\.((?:\\.|[^.[\]\s\\])+)/, ([, name = '']) => ({ kind: 'fields', names: [name.replace(/\\(.)/g, '$1')] })],
  [/^\$/, () => ({ kind: 'root' })],
  [/^@/, () => ({ kind: 'current' })],
  // Only at the beginning of a path: `range items[*]`.
  [/^([A-Za-z_][\w-]*)/, ([, name = '']) => ({ kind: 'fields', names: [name] })],
  [/^\.$/, () => ({ kind: 'current' })],
];

const bound = (name: 'from' | 'to', text: string): { readonly [Name in 'from' | 'to']?: number } =>
  text === '' ? {} : { [name]: Number(text) };

const fieldsOf = (names: string): Step => ({
  kind: 'fields',
  names: [...names.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? ''),
});

/**
 * Parses a path: `.items[*].metadata.name`.
 * @throws JsonPathError
 */
export function parsePath(text: string): readonly Step[] {
  const steps: Step[] = [];
  for (let rest = text; rest !== ''; ) {
    const form = stepForms.find(([pattern]) => pattern.test(rest));
    const match = form?.[0].exec(rest);
    if (form === undefined || match == null) throw new JsonPathError(`unrecognized character in action: ${text}`);
    steps.push(form[1](match));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function parseFilter(text: string): Filter {
  const [, left = '', operator, right = ''] = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/.exec(text.trim()) ?? [];
  if (operator === undefined) return { left: operandOf(text.trim()), operator: 'exists' };
  return { left: operandOf(left.trim()), operator: operator as Filter['operator'], right: operandOf(right.trim()) };
}

function operandOf(text: string): Operand {
  if (/^['"]/.test(text)) return { kind: 'value', value: unquoted(text) };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { kind: 'value', value: Number(text) };
  if (text === 'true' || text === 'false') return { kind: 'value', value: text === 'true' };
  return { kind: 'path', steps: parsePath(text) };
}
