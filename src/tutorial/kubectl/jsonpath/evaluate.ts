import { isMapping } from '../objects/object.js';
import { compactJson } from '../show/json.js';
import { JsonPathError } from './parse.js';
import type { Filter, Operand, Part, Step } from './template.js';

/**
 * Returns the text of a template for an object.
 * @throws JsonPathError if an index is outside of a list
 */
export const renderTemplate = (parts: readonly Part[], object: unknown): string => render(parts, object, object);

const render = (parts: readonly Part[], root: unknown, current: unknown): string =>
  parts.map(part => renderPart(part, root, current)).join('');

function renderPart(part: Part, root: unknown, current: unknown): string {
  if (part.kind === 'text') return part.text;
  const values = valuesAt(part.steps, root, current);
  if (part.kind === 'path') return values.map(valueText).join(' ');
  return values.map(value => render(part.parts, root, value)).join('');
}

const valueText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? compactJson(value) : String(value ?? '');

/** Returns the values that a path leads to. */
export function valuesAt(steps: readonly Step[], root: unknown, current: unknown): readonly unknown[] {
  let values: readonly unknown[] = [current];
  for (const step of steps) values = values.flatMap(value => follow(step, value, root));
  return values;
}

function follow(step: Step, value: unknown, root: unknown): readonly unknown[] {
  switch (step.kind) {
    case 'root':
      return [root];
    case 'current':
      return [value];
    case 'fields':
      return step.names.flatMap(name => (isMapping(value) && name in value ? [value[name]] : []));
    case 'all':
      return childrenOf(value);
    case 'deep':
      return deepValues(step.name, value);
    case 'index':
      return [elementAt(value, step.index)];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'filter':
      return childrenOf(value).filter(child => passes(step.filter, child, root));
  }
}

const childrenOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isMapping(value) ? Object.values(value) : [];

function deepValues(name: string, value: unknown): readonly unknown[] {
  const here = name === '*' ? childrenOf(value) : isMapping(value) && name in value ? [value[name]] : [];
  return [...here, ...childrenOf(value).flatMap(child => deepValues(name, child))];
}

function elementAt(value: unknown, index: number): unknown {
  const list = Array.isArray(value) ? value : [];
  const place = index < 0 ? list.length + index : index;
  if (place < 0 || place >= list.length)
    throw new JsonPathError(`array index out of bounds: index ${index}, length ${list.length}`);
  return list[place];
}

function passes({ left, operator, right }: Filter, child: unknown, root: unknown): boolean {
  const lefts = operandValues(left, child, root);
  if (operator === 'exists' || right === undefined) return lefts.length > 0;
  const [a] = lefts;
  const [b] = operandValues(right, child, root);
  return a !== undefined && b !== undefined && comparisons[operator](a, b);
}

const operandValues = (operand: Operand, child: unknown, root: unknown): readonly unknown[] =>
  operand.kind === 'value' ? [operand.value] : valuesAt(operand.steps, root, child);

type Comparison = (a: unknown, b: unknown) => boolean;

const isLess: Comparison = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a < b : String(a) < String(b));

const comparisons: Readonly<Record<Exclude<Filter['operator'], 'exists'>, Comparison>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': isLess,
  '>': (a, b) => isLess(b, a),
  '<=': (a, b) => !isLess(b, a),
  '>=': (a, b) => !isLess(a, b),
};
