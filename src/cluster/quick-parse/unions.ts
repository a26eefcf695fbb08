import { isPlainObject, notSimple, type Parse } from './parse.js';
import type { ParserOf } from './parser-of.js';
import { type Definition, type DefinitionOf, definitionOf, literalValues, type Schema } from './zod-definition.js';

/** For these, `notSimple` means invalid: the next option of a union may be tried. */
const decidableTypes: ReadonlySet<Definition['type']> = new Set(['literal', 'string', 'enum', 'number', 'boolean']);

/** Parses unions of scalars, and of objects with a discriminator. Returns undefined for all others. */
export function unionParser(definition: DefinitionOf<'union'>, parserOf: ParserOf): Parse | undefined {
  const { options } = definition;
  if ('discriminator' in definition) return discriminatedParser(options, String(definition.discriminator), parserOf);
  if (!options.every(option => decidableTypes.has(definitionOf(option).type))) return undefined;
  const parsers = options.map(parserOf);
  return value => {
    for (const parse of parsers) {
      const parsed = parse(value);
      if (parsed !== notSimple) return parsed;
    }
    return notSimple;
  };
}

function discriminatedParser(options: readonly Schema[], discriminator: string, parserOf: ParserOf): Parse {
  const parsers = new Map<unknown, Parse>();
  for (const option of options) {
    const definition = definitionOf(option);
    const field = definition.type === 'object' ? definition.shape[discriminator] : undefined;
    if (field !== undefined) for (const value of literalValues(field)) parsers.set(value, parserOf(option));
  }
  return value => (isPlainObject(value) ? (parsers.get(value[discriminator])?.(value) ?? notSimple) : notSimple);
}
