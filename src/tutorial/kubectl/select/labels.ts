import { type Table, table } from '../../../table.js';
import type { Texts } from '../objects/object.js';
import { keyProblem, valueProblem } from './label-words.js';

/** Returns true if labels are as a selector wants them. */
export type LabelTest = (labels: Texts) => boolean;

/** A selector that cannot be read, with the API server's word about it. */
export class SelectorError extends Error {}

type Token = string;

/**
 * Parses a label selector: requirements such as `app=web`, `app!=web`, `app in (web, db)`, `app notin (web)`, `app` and
 * `!app`, with commas between them.
 * @throws SelectorError
 */
export function parseLabelSelector(text: string): LabelTest {
  const tokens = tokensOf(text);
  const tests: LabelTest[] = [];
  let isAfterComma = false;
  while (tokens.length > 0) {
    tests.push(requirement(tokens));
    isAfterComma = tokens.shift() === ',';
  }
  if (isAfterComma) throw new SelectorError("found '', expected: identifier after ','");
  return labels => tests.every(test => test(labels));
}

const tokensOf = (text: string): Token[] => text.match(/[^\s,()=!<>]+|==|!=|[,()=!<>]/g) ?? [];

function requirement(tokens: Token[]): LabelTest {
  const isNegated = tokens[0] === '!';
  if (isNegated) tokens.shift();
  const key = keyFrom(tokens);
  if (isNegated || tokens.length === 0 || tokens[0] === ',') {
    requireEnd(tokens, "',' or 'end of string'");
    return labels => key in labels !== isNegated;
  }
  const operator = tokens.shift() ?? '';
  const test = operators[operator];
  if (test === undefined)
    throw new SelectorError(
      `unable to parse requirement: found '${operator}', expected: in, notin, =, ==, !=, gt, lt, ), !`,
    );
  const values = operator.endsWith('in') ? listFrom(tokens) : [valueFrom(tokens)];
  for (const [index, value] of values.entries()) checkValue(key, index, value);
  requireEnd(tokens, "',' or 'end of string'");
  return labels => test(labels[key], values);
}

/** As in Kubernetes, an object without the label matches what says that the label must not have a value. */
const operators: Table<(value: string | undefined, values: readonly string[]) => boolean> = table({
  '=': (value, [wanted]) => value === wanted,
  '==': (value, [wanted]) => value === wanted,
  '!=': (value, [unwanted]) => value !== unwanted,
  in: (value, values) => value !== undefined && values.includes(value),
  notin: (value, values) => value === undefined || !values.includes(value),
});

function keyFrom(tokens: Token[]): string {
  const key = tokens.shift() ?? '';
  if (/^[,()=!<>]/.test(key) || key === '')
    throw new SelectorError(`unable to parse requirement: found '${key}', expected: identifier`);
  const problem = keyProblem(key);
  if (problem !== undefined)
    throw new SelectorError(`unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(key)}: ${problem}`);
  return key;
}

/** A value may be missing: `app=` is for an empty one. */
const valueFrom = (tokens: Token[]): string => (tokens.length === 0 || tokens[0] === ',' ? '' : (tokens.shift() ?? ''));

function listFrom(tokens: Token[]): readonly string[] {
  const open = tokens.shift() ?? '';
  if (open !== '(') throw new SelectorError(`unable to parse requirement: found '${open}' expected: '('`);
  const values: string[] = [];
  for (let token = tokens.shift(); token !== ')'; token = tokens.shift()) {
    if (token === undefined) throw new SelectorError("unable to parse requirement: found '', expected: ',' or ')'");
    if (token !== ',') values.push(token);
  }
  return values;
}

function checkValue(key: string, index: number, value: string): void {
  const problem = valueProblem(value);
  if (problem === undefined) return;
  const place = `values[${index}][${key}]`;
  throw new SelectorError(`unable to parse requirement: ${place}: Invalid value: ${JSON.stringify(value)}: ${problem}`);
}

function requireEnd(tokens: readonly Token[], expected: string): void {
  const [next] = tokens;
  if (next !== undefined && next !== ',') throw new SelectorError(`found '${next}', expected: ${expected}`);
}
