import { arrayParser } from './arrays.js';
import { objectParser, recordParser } from './objects.js';
import type { Parse } from './parse.js';
import type { ParserOf } from './parser-of.js';
import { booleanParser, customParser, enumParser, literalParser, numberParser, stringParser } from './scalars.js';
import { unionParser } from './unions.js';
import { nullableParser, pipeParser, presentParser, transformParser } from './wrappers.js';
import { type Definition, type DefinitionOf, definitionOf, runSchema, type Schema } from './zod-definition.js';

/**
 * Builds the parser of one type of schema. Returns undefined if the schema has options that the parser does not know.
 */
type Build<Type extends Definition['type']> = (definition: DefinitionOf<Type>, parserOf: ParserOf) => Parse | undefined;

const builders: { readonly [Type in Definition['type']]?: Build<Type> } = {
  object: objectParser,
  array: arrayParser,
  record: recordParser,
  union: unionParser,
  string: stringParser,
  number: numberParser,
  boolean: booleanParser,
  literal: literalParser,
  enum: enumParser,
  custom: customParser,
  nullable: nullableParser,
  optional: presentParser,
  default: presentParser,
  pipe: pipeParser,
  transform: transformParser,
};

/** Builds the quick parser of a schema, or one that runs the schema if its type or options are not known here. */
export function buildParser(schema: Schema): Parse {
  const definition = definitionOf(schema);
  const build = builders[definition.type] as Build<Definition['type']> | undefined;
  return build?.(definition as never, buildParser) ?? (value => runSchema(schema, value));
}
