import { notSimple, type Parse } from './parse.js';
import type { ParserOf } from './parser-of.js';
import { type DefinitionOf, runTransform } from './zod-definition.js';

export function nullableParser({ innerType }: DefinitionOf<'nullable'>, parserOf: ParserOf): Parse {
  const parse = parserOf(innerType);
  return value => (value === null ? null : parse(value));
}

/** Parses a value that is present. `objectParser` handles absent fields. */
export const presentParser = (
  { innerType }: DefinitionOf<'optional'> | DefinitionOf<'default'>,
  parserOf: ParserOf,
): Parse => parserOf(innerType);

export function pipeParser(definition: DefinitionOf<'pipe'>, parserOf: ParserOf): Parse {
  const [parseFirst, parseSecond] = [parserOf(definition.in), parserOf(definition.out)];
  return value => {
    const between = parseFirst(value);
    return between === notSimple ? notSimple : parseSecond(between);
  };
}

export const transformParser =
  (definition: DefinitionOf<'transform'>): Parse =>
  value =>
    runTransform(definition, value);
