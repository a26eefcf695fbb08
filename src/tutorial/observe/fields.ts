import { isPlainObject } from '../plain-object.js';

/** Returns the value at a path such as `metadata.labels.app` or `spec.ports.0.port`, or undefined. */
export const fieldOf = (object: unknown, path: string): unknown =>
  path.split('.').reduce((value: unknown, name) => childOf(value, name), object);

function childOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value[Number(name)];
  return isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Returns all values that are not objects or lists, with their paths. */
export function leavesOf(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [[path, String(value)]];
  return Object.entries(value).flatMap(([name, child]) => leavesOf(child, path === '' ? name : `${path}.${name}`));
}
