import { isPlainObject, notSimple, type Parse } from './parse.js';
import type { ParserOf } from './parser-of.js';
import { checksOf, type DefinitionOf, definitionOf, type Schema } from './zod-definition.js';

interface Field {
  readonly name: string;
  readonly parse: Parse;
  /** The result for a field that is absent: a default value, `noValue`, or `notSimple`. */
  readonly absent: unknown;
}

/** The result for an optional field that is absent. */
const noValue = Symbol('no value');

/**
 * Parses objects. An object with known fields only, all of them unchanged by parsing, is its own result. Returns
 * undefined for strict and loose objects and for objects with checks.
 */
export function objectParser(definition: DefinitionOf<'object'>, parserOf: ParserOf): Parse | undefined {
  if (definition.catchall !== undefined || checksOf(definition).length > 0) return undefined;
  const fields = Object.entries(definition.shape).map(
    ([name, schema]): Field => ({ name, parse: parserOf(schema), absent: absentValue(schema) }),
  );
  return value => {
    if (!isPlainObject(value)) return notSimple;
    // A copy is made only from the first difference on: most objects have none.
    let copy: Record<string, unknown> | undefined;
    let count = 0;
    // By index: an iterator allocates an object at each step until V8 optimizes it, a tenth of a sync's allocations.
    for (let index = 0; index < fields.length; index += 1) {
      const { name, parse, absent } = fields[index] as Field;
      const before = value[name];
      const after = before === undefined && !(name in value) ? absent : parse(before);
      if (after === notSimple) return notSimple;
      if (after === noValue) continue;
      count += 1;
      if (copy === undefined && after !== before) copy = copyOfFields(value, fields, index);
      if (copy !== undefined) copy[name] = after;
    }
    return copy ?? (count < fieldCount(value) ? copyOfFields(value, fields, fields.length) : value);
  };
}

function absentValue(schema: Schema): unknown {
  const definition = definitionOf(schema);
  if (definition.type === 'optional') return noValue;
  const hasStringDefault = definition.type === 'default' && typeof definition.defaultValue === 'string';
  return hasStringDefault ? definition.defaultValue : notSimple;
}

/** Copies those of the first `count` fields that the object has. */
function copyOfFields(
  value: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  count: number,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (let index = 0; index < count; index += 1) {
    const { name } = fields[index] as Field;
    if (name in value) copy[name] = value[name];
  }
  return copy;
}

function fieldCount(value: object): number {
  let count = 0;
  for (const _ in value) count += 1;
  return count;
}

/**
 * Parses records with string keys whose values parsing does not change. Returns undefined for other keys and checks.
 */
export function recordParser(definition: DefinitionOf<'record'>, parserOf: ParserOf): Parse | undefined {
  const key = definitionOf(definition.keyType);
  if (key.type !== 'string' || checksOf(key).length > 0 || checksOf(definition).length > 0) return undefined;
  const parse = parserOf(definition.valueType);
  return value => {
    if (!isPlainObject(value)) return notSimple;
    // zod leaves out a key of this name.
    for (const name in value) if (name === '__proto__' || parse(value[name]) !== value[name]) return notSimple;
    return value;
  };
}
