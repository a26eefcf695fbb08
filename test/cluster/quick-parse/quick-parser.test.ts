import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ClusterKind, clusterKinds } from '../../../src/cluster/kinds.js';
import { createQuickParser } from '../../../src/cluster/quick-parse/quick-parser.js';

const cases = fileURLToPath(new URL('../../parity/cases/', import.meta.url));
const objects = readdirSync(cases).flatMap(
  file => JSON.parse(readFileSync(`${cases}${file}`, 'utf8')).items as { readonly kind: ClusterKind }[],
);

describe('the quick parser returns what the schema returns', () => {
  test('for the recorded clusters, nearly all of whose objects are simple', () => {
    const notSimple = objects.filter(object => !('value' in both(object, clusterKinds[object.kind].schema)));
    expect(notSimple.length).toBeLessThan(objects.length / 10);
  });

  test('for the same clusters with any part replaced', () => {
    const replacement = fc.oneof(
      fc.constantFrom(
        undefined,
        null,
        '',
        'None',
        '10.0.0.1',
        '::ffff:a00:1',
        'FD00::1',
        0,
        80,
        65536,
        1.5,
        true,
        [],
        {},
      ),
      fc.jsonValue({ maxDepth: 1 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...objects), fc.nat(), replacement, (object, place, value) => {
        both(withReplaced(object, place, value), clusterKinds[object.kind].schema);
      }),
      { numRuns: 3_000 },
    );
  });

  const schemas: readonly (readonly [string, z.ZodType, unknown])[] = [
    ['a refined object', z.object({ a: z.string() }).refine(({ a }) => a !== 'no'), { a: 'no' }],
    ['a strict object', z.strictObject({ a: z.string() }), { a: 'a', b: 'b' }],
    ['a loose object', z.looseObject({ a: z.string() }), { a: 'a', b: 'b' }],
    ['a longest list', z.array(z.string()).max(1), ['a', 'b']],
    ['a shortest text', z.string().min(2), 'a'],
    ['a text of a format', z.email(), 'a'],
    ['a changed text', z.string().trim(), ' a '],
    ['a coerced text', z.coerce.string(), 1],
    ['a coerced number', z.coerce.number(), '1'],
    ['a number that is not whole', z.number().multipleOf(2), 3],
    ['a greater number', z.int().gt(1), 1],
    ['a record with chosen keys', z.record(z.enum(['a']), z.string()), { b: 'b' }],
    ['a record with a dangerous key', z.record(z.string(), z.string()), JSON.parse('{"__proto__":"a"}')],
    ['a record of changed values', z.record(z.string(), z.string().toUpperCase()), { a: 'a' }],
    ['a pattern that remembers', z.string().regex(/a/g), 'a'],
    ['a union of objects', z.union([z.object({ a: z.string().trim() }), z.object({ a: z.string() })]), { a: ' a' }],
    ['a default that is no text', z.object({ a: z.array(z.string()).default([]) }), {}],
    ['a present field without a value', z.object({ a: z.string().optional() }), { a: undefined }],
  ];
  test.each(schemas)('for %s, which it leaves to the schema', (_, schema, value) => {
    for (let time = 0; time < 2; time += 1) both(value, schema);
  });
});

/** Compares the two parsers. Returns what the quick one returned. */
function both(value: unknown, schema: z.ZodType): { readonly value?: unknown } {
  const quick = createQuickParser(schema)(structuredClone(value));
  if (quick === undefined) return {};
  const slow = schema.safeParse(value);
  expect({ success: slow.success, data: slow.data }).toStrictEqual({ success: true, data: quick });
  return { value: quick };
}

/** Returns a copy of the object in which one part is replaced. */
function withReplaced(object: unknown, place: number, value: unknown): unknown {
  const copy = structuredClone(object);
  const places = placesIn(copy);
  const [container, key] = places[place % places.length] as readonly [Record<string, unknown>, string];
  container[key] = value;
  return copy;
}

function placesIn(value: unknown): readonly (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [[value, key] as const, ...placesIn(part)]);
}
