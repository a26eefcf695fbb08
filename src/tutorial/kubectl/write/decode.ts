import { isMapping } from '../objects/object.js';
import type { Shape, Struct } from './shape.js';

/** What the API server finds when it decodes an object. */
export interface Decoded {
  /** A field that has another type: then nothing else is reported. */
  readonly wrongType: string | undefined;
  /** Paths of fields that the type does not have: `spec.selektor`. */
  readonly unknown: readonly string[];
}

/** Compares a value with what it may be. */
export function decode(value: unknown, shape: Struct): Decoded {
  const unknown: string[] = [];
  const wrongType = findWrongType({ value, shape, path: '', owner: shape.name, unknown });
  return { wrongType, unknown };
}

/** Returns the value without fields that the type does not have. */
export function pruned(value: unknown, shape: Shape): unknown {
  if (shape.is === 'list' && Array.isArray(value)) return value.map(item => pruned(item, shape.of));
  if (shape.is !== 'struct' || !isMapping(value)) return value;
  const known = Object.entries(value).flatMap(([name, field]) => {
    const fieldShape = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    return fieldShape === undefined ? [] : [[name, pruned(field, fieldShape)] as const];
  });
  return Object.fromEntries(known);
}

interface Place {
  readonly value: unknown;
  readonly shape: Shape;
  /** With indexes: `spec.ports[0].port`. */
  readonly path: string;
  /** The type that has the field. */
  readonly owner: string;
  readonly unknown: string[];
}

function findWrongType(place: Place): string | undefined {
  const { value, shape } = place;
  if (value === null || value === undefined || shape.is === 'any') return undefined;
  if (!hasType(value, shape)) return mismatch(place);
  return first(partsOf(place), findWrongType);
}

/** Returns the first result that is not undefined. */
function first<Item, Result>(items: readonly Item[], find: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const result = find(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function partsOf({ value, shape, path, owner, unknown }: Place): readonly Place[] {
  if (shape.is === 'list' && Array.isArray(value))
    return value.map((item, index) => ({ value: item, shape: shape.of, path: `${path}[${index}]`, owner, unknown }));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([name, field]): readonly Place[] => {
    if (shape.is === 'texts') return [{ value: field, shape: { is: 'string' }, path, owner, unknown }];
    if (shape.is !== 'struct') return [];
    const fieldPath = path === '' ? name : `${path}.${name}`;
    const fieldShape = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (fieldShape === undefined) unknown.push(fieldPath);
    return fieldShape === undefined
      ? []
      : [{ value: field, shape: fieldShape, path: fieldPath, owner: shape.name, unknown }];
  });
}

function hasType(value: unknown, shape: Shape): boolean {
  switch (shape.is) {
    case 'any':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'int32':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
    case 'bool':
      return typeof value === 'boolean';
    case 'int or string':
      return typeof value === 'string' || Number.isInteger(value);
    case 'list':
      return Array.isArray(value);
    case 'texts':
    case 'struct':
      return isMapping(value);
  }
}

function mismatch({ value, shape, path, owner }: Place): string {
  const found = Array.isArray(value) ? 'array' : isMapping(value) ? 'object' : foundScalar(value, shape);
  const field = path.replace(/\[\d+\]/g, '');
  return `json: cannot unmarshal ${found} into Go struct field ${owner}.${field} of type ${typeName(shape)}`;
}

const foundScalar = (value: unknown, { is }: Shape): string =>
  typeof value === 'number'
    ? `number${is === 'int32' ? ` ${value}` : ''}`
    : typeof value === 'boolean'
      ? 'bool'
      : 'string';

function typeName(shape: Shape): string {
  switch (shape.is) {
    case 'list':
      return shape.type;
    case 'texts':
      return 'map[string]string';
    case 'struct':
      return `v1.${shape.name}`;
    case 'int or string':
      return 'intstr.IntOrString';
    default:
      return shape.is;
  }
}
