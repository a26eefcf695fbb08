import { ServerError } from '../failure.js';
import { fieldOf, isEqual, isMapping } from '../objects/object.js';

/**
 * Returns a copy of the value with the operations of a JSON patch (RFC 6902).
 * @throws ServerError if an operation cannot be applied
 */
export function jsonPatch(value: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw new ServerError('BadRequest', 'invalid JSON patch');
  return operations.reduce<unknown>(applyOperation, structuredClone(value));
}

function applyOperation(value: unknown, operation: unknown): unknown {
  const kind = String(fieldOf(operation, 'op'));
  const path = pathOf(fieldOf(operation, 'path'));
  const wanted = fieldOf(operation, 'value');
  switch (kind) {
    case 'add':
      return changeAt(value, path, (parent, key) => put(parent, key, wanted, true));
    case 'replace':
      return changeAt(value, path, (parent, key) => {
        requirePresent(parent, key);
        put(parent, key, wanted, false);
      });
    case 'remove':
      return changeAt(value, path, remove);
    case 'test':
      if (isEqual(valueAt(value, path), wanted)) return value;
      throw refused(`testing value ${path.join('/')} failed`);
    case 'copy':
    case 'move': {
      const from = pathOf(fieldOf(operation, 'from'));
      const moved = structuredClone(valueAt(value, from));
      const rest = kind === 'move' ? changeAt(value, from, remove) : value;
      return changeAt(rest, path, (parent, key) => put(parent, key, moved, true));
    }
    default:
      throw refused(`unexpected kind: ${kind}`);
  }
}

const refused = (why: string): ServerError => new ServerError('Invalid', `The request is invalid: ${why}`);

function pathOf(text: unknown): readonly string[] {
  if (typeof text !== 'string' || !/^(\/|$)/.test(text)) throw refused('a path must begin with /');
  return text
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((parent, key) => (Array.isArray(parent) ? parent[Number(key)] : fieldOf(parent, key)), value);

type Parent = Record<string, unknown> | unknown[];

function changeAt(value: unknown, path: readonly string[], change: (parent: Parent, key: string) => void): unknown {
  const parent = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (key === undefined || (!Array.isArray(parent) && !isMapping(parent)))
    throw refused(`the path /${path.join('/')} does not exist`);
  change(parent as Parent, key);
  return value;
}

function put(parent: Parent, key: string, value: unknown, isInserted: boolean): void {
  if (!Array.isArray(parent)) parent[key] = value;
  else if (key === '-') parent.push(value);
  else parent.splice(Number(key), isInserted ? 0 : 1, value);
}

function requirePresent(parent: Parent, key: string): void {
  if (!(key in parent)) throw refused(`the field ${JSON.stringify(key)} does not exist`);
}

function remove(parent: Parent, key: string): void {
  requirePresent(parent, key);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}
