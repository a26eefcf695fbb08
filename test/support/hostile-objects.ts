import fc from 'fast-check';
import { randomCluster } from './random-cluster.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An object as an API server might send it: anything but its kind may be wrong. */
interface HostileObject {
  readonly apiVersion: string;
  readonly kind: 'Service' | 'EndpointSlice' | 'Endpoints';
  readonly [field: string]: unknown;
}

const nested = (depth: number): Json => (depth === 0 ? 'deep' : [nested(depth - 1)]);

/** What no field should have, whatever its type is. */
const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, '', -1, 0, 1.5, 65_536, 70_000, 1e308, 9_007_199_254_740_992, [], {}, [null]),
  fc.constantFrom('constructor', '__proto__', 'toString', 'None', '0.0.0.0', '127.0.0.1', '::', '010.096.000.001'),
  fc.constantFrom('10.96.0.1', 'fd00:96::1', '198.51.100.1', '10.10.0.11', '224.0.0.1', '169.254.169.254'),
  fc.constantFrom(
    'a\nflush x',
    '$(reboot)',
    '`reboot`',
    "'; reboot; '",
    '\u001b[2J',
    '\u0085',
    '\u202e',
    '\ufeff',
    '-X',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('x'.repeat(5_000), '\u0000'.repeat(300)),
  fc.constant(nested(3_000)),
);

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Replaces the value at a path, which is chosen by numbers: each of them selects a field of the object before. */
function damaged(value: unknown, [choice = 0, ...rest]: readonly number[], replacement: Json): unknown {
  const keys = isContainer(value) ? Object.keys(value) : [];
  const key = keys[choice % Math.max(1, keys.length)];
  if (key === undefined || !isContainer(value)) return replacement;
  const field = (value as Readonly<Record<string, unknown>>)[key];
  const changed = rest.length === 0 ? replacement : damaged(field, rest, replacement);
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
}

/** The kind stays, because an API server keeps kinds apart. The name may become what it likes. */
const damage = (object: HostileObject, path: readonly number[], replacement: Json): HostileObject => ({
  ...(damaged(object, path, replacement) as HostileObject),
  apiVersion: object.apiVersion,
  kind: object.kind,
});

const validObjects: fc.Arbitrary<readonly HostileObject[]> = randomCluster.map(
  ({ services, endpointSlices, endpoints }) =>
    [...services, ...endpointSlices, ...endpoints] as unknown as readonly HostileObject[],
);

const damages = fc.record({
  isHostile: fc.boolean(),
  isRemoved: fc.boolean(),
  path: fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
  replacement: hostileValue,
});

/** A change of a cluster by somebody who wants to do harm, or by somebody who does not. */
export interface HostileChange {
  readonly verb: 'put' | 'remove';
  readonly object: HostileObject;
}

/** Valid and hostile objects mixed, of which some are removed again. */
export const hostileChanges: fc.Arbitrary<readonly HostileChange[]> = fc
  .tuple(validObjects, fc.array(damages, { minLength: 30, maxLength: 30 }))
  .map(([objects, choices]) =>
    objects.map((object, index) => {
      const { isHostile, isRemoved, path, replacement } = choices[index % choices.length] as (typeof choices)[number];
      const changed = isHostile ? damage(object, path, replacement) : object;
      return { verb: isRemoved && index % 3 === 0 ? 'remove' : 'put', object: changed };
    }),
  );
