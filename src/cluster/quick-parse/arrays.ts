import { notSimple, type Parse } from './parse.js';
import type { ParserOf } from './parser-of.js';
import { checksOf, type DefinitionOf } from './zod-definition.js';

/**
 * Parses arrays. An array whose elements parsing does not change is its own result. Returns undefined for other
 * checks.
 */
export function arrayParser(definition: DefinitionOf<'array'>, parserOf: ParserOf): Parse | undefined {
  const minimum = minimumLength(definition);
  if (minimum === undefined) return undefined;
  const parse = parserOf(definition.element);
  return value => {
    if (!Array.isArray(value) || value.length < minimum) return notSimple;
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      const after = parse(value[index]);
      if (after === notSimple) return notSimple;
      if (copy === undefined && after !== value[index]) copy = value.slice(0, index);
      copy?.push(after);
    }
    return copy ?? value;
  };
}

/** Returns undefined if the schema checks anything besides a minimum length. */
function minimumLength(definition: DefinitionOf<'array'>): number | undefined {
  const [check, ...others] = checksOf(definition);
  if (check === undefined) return 0;
  return others.length === 0 && check.check === 'min_length' ? check.minimum : undefined;
}
