/** Plain data of an object, as JSON has it. */
export type Mapping = Readonly<Record<string, unknown>>;

// As in cluster/objects.ts. What this program shares with others would be loaded with all that they need.
export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the mapping, or an empty one for anything else. */
export const mappingOf = (value: unknown): Mapping => (isMapping(value) ? value : {});

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export type Texts = Readonly<Record<string, string>>;

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly [field: string]: unknown;
}

/** An object of the cluster. Its fields were checked when it was stored. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Mapping;
  readonly status?: Mapping;
  readonly [field: string]: unknown;
}

/** Returns the value at a path of names, or undefined if a part of it is missing. */
export function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  let field = value;
  for (const name of path) field = mappingOf(field)[name];
  return field;
}

/** Returns true for values that are equal as JSON, whatever the order of their fields. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (!isMapping(a) || !isMapping(b)) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every(name => isEqual(a[name], b[name]));
}

/** Returns the value with the fields of all mappings in the order of their names, as Go writes maps. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map(name => [name, sorted(value[name])]));
}

/** Returns the value without fields that are null or undefined. The API server stores none. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMapping(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]));
}

/** Returns the object with another version of its metadata. */
export const withMetadata = (object: KubeObject, metadata: Partial<Metadata>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ...metadata },
});
