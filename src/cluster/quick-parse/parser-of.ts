import type { Parse } from './parse.js';
import type { Schema } from './zod-definition.js';

/** Returns the quick parser of a schema. Builders use it for the parts of their schema. */
export type ParserOf = (schema: Schema) => Parse;
