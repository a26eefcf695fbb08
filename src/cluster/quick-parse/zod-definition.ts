import type * as z from 'zod';
import { notSimple } from './parse.js';

/**
 * The only file that reads zod's internals (`_zod`). They are not part of zod's public interface, so package.json pins
 * zod to one version, and a test compares the two parsers.
 */
export type Schema = z.core.$ZodType;
export type Definition = z.core.$ZodTypes['_zod']['def'];
export type DefinitionOf<Type extends Definition['type']> = Extract<Definition, { readonly type: Type }>;
type Check = z.core.$ZodChecks['_zod']['def'];

/** Returns what a schema was built from: its type, its parts and its checks. */
export const definitionOf = (schema: unknown): Definition => (schema as z.core.$ZodTypes)._zod.def;

/** Returns the definitions of a schema's checks (`min`, `regex`). */
export const checksOf = ({ checks = [] }: { readonly checks?: readonly unknown[] | undefined }): readonly Check[] =>
  checks.map(check => (check as z.core.$ZodChecks)._zod.def);

/** Returns the values that a literal or enum accepts, or nothing for any other schema. */
export const literalValues = (schema: unknown): Iterable<unknown> => (schema as Schema)._zod.values ?? [];

/** Parses a value with the schema itself. Returns `notSimple` if the value is invalid or the schema is asynchronous. */
export function runSchema(schema: Schema, value: unknown): unknown {
  const result = schema._zod.run({ value, issues: [] }, { async: false });
  return result instanceof Promise || result.issues.length > 0 ? notSimple : result.value;
}

/** Runs the function of a transform. Returns `notSimple` if it reports an issue or is asynchronous. */
export function runTransform({ transform }: DefinitionOf<'transform'>, value: unknown): unknown {
  const issues: z.core.$ZodRawIssue[] = [];
  const addIssue = (): void => void issues.push({ code: 'custom', input: value });
  const output = transform(value, { value, issues, addIssue } as z.core.ParsePayload);
  return issues.length > 0 || output instanceof Promise ? notSimple : output;
}
