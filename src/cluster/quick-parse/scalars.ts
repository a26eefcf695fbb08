import { notSimple, type Parse } from './parse.js';
import { checksOf, type DefinitionOf } from './zod-definition.js';

export const booleanParser = (): Parse => value => (typeof value === 'boolean' ? value : notSimple);

export const literalParser = ({ values }: DefinitionOf<'literal'>): Parse => memberParser(values);

export const enumParser = ({ entries }: DefinitionOf<'enum'>): Parse => memberParser(Object.values(entries));

function memberParser(values: readonly unknown[]): Parse {
  const members = new Set(values);
  return value => (members.has(value) ? value : notSimple);
}

/** Parses `z.custom` by its function. Returns undefined if the schema has further checks. */
export function customParser(definition: DefinitionOf<'custom'>): Parse | undefined {
  if (checksOf(definition).length > 0) return undefined;
  return value => (definition.fn(value as never) ? value : notSimple);
}

/** Parses strings with a maximum length and patterns. Returns undefined for formats, coercion and other checks. */
export function stringParser(definition: DefinitionOf<'string'>): Parse | undefined {
  if ('format' in definition || ('coerce' in definition && definition.coerce)) return undefined;
  let maximum = Number.POSITIVE_INFINITY;
  const patterns: RegExp[] = [];
  for (const check of checksOf(definition)) {
    if (check.check === 'max_length') maximum = Math.min(maximum, check.maximum);
    else if (check.check === 'string_format' && check.format === 'regex' && check.pattern) patterns.push(check.pattern);
    else return undefined;
  }
  // A global or sticky pattern remembers where its last match ended.
  if (patterns.some(({ global, sticky }) => global || sticky)) return undefined;
  return value =>
    typeof value === 'string' && value.length <= maximum && matchesAll(patterns, value) ? value : notSimple;
}

function matchesAll(patterns: readonly RegExp[], text: string): boolean {
  for (let index = 0; index < patterns.length; index += 1) if (!patterns[index]?.test(text)) return false;
  return true;
}

/** Parses integers with inclusive limits. Returns undefined for other formats, coercion and other checks. */
export function numberParser(definition: DefinitionOf<'number'>): Parse | undefined {
  if (!('format' in definition) || definition.format !== 'safeint' || definition.coerce) return undefined;
  let [minimum, maximum] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  for (const check of checksOf(definition)) {
    if (check.check === 'greater_than' && check.inclusive) minimum = Math.max(minimum, Number(check.value));
    else if (check.check === 'less_than' && check.inclusive) maximum = Math.min(maximum, Number(check.value));
    else return undefined;
  }
  return value =>
    Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum ? value : notSimple;
}
