import { KproxyError } from '../errors.js';
import { quotedIfHostile } from './problems.js';

/** An object as it was read, not yet checked. */
export interface RawObject {
  /** A file's path, `stdin`, or the command that read it. */
  readonly source: string;
  readonly value: unknown;
}

export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * The objects of a document: the document itself, or what a `List` or a typed list (`ServiceList`) holds, lists in
 * lists included. Throws a KproxyError (exit code 3) where the document is no object or a list is not whole.
 */
export function objectsOf(document: RawObject): readonly RawObject[] {
  const { source, value } = document;
  if (!isMapping(value)) throw noObject(source, 'is not a Kubernetes object (a mapping with apiVersion and kind)');
  const kind = requireText(source, value, 'kind');
  const apiVersion = requireText(source, value, 'apiVersion');
  if (kind === 'Status' && apiVersion === 'v1') throw apiServerError(source, value);
  if (!kind.endsWith('List')) return [document];
  return itemsOf(source, value).flatMap(item => expandItem(source, kind, apiVersion, item));
}

function requireText(source: string, value: Mapping, field: 'kind' | 'apiVersion'): string {
  const text = value[field];
  if (typeof text === 'string' && text !== '') return text;
  const name = isMapping(value.metadata) ? textOf(value.metadata.name) : '';
  const object = name === '' ? 'an object' : `the object ${JSON.stringify(name)}`;
  throw noObject(source, `${object} does not say its ${field} (field ${field})`);
}

/** The objects that an item of a list of that kind stands for. Throws a KproxyError (exit code 3) as `objectsOf` does. */
export function expandItem(source: string, listKind: string, listVersion: string, item: unknown): readonly RawObject[] {
  const itemKind = listKind.slice(0, -'List'.length);
  // The API server leaves kind and apiVersion out of the items of a typed list.
  if (itemKind === '' || !isMapping(item) || item.kind !== undefined) return objectsOf({ source, value: item });
  return [{ source, value: { apiVersion: listVersion, kind: itemKind, ...item } }];
}

function itemsOf(source: string, list: Mapping): readonly unknown[] {
  const items = list.items ?? [];
  if (!Array.isArray(items)) throw noObject(source, `the ${textOf(list.kind)}'s items are not a list`);
  const metadata = isMapping(list.metadata) ? list.metadata : {};
  if (textOf(metadata.continue) !== '') throw partialList(source);
  return items;
}

const partialList = (source: string): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(source)}: the list is not whole (metadata.continue says that more follows)`,
    code: 'list-incomplete',
    advice: 'write the whole list, without a limit; what is missing would count as removed',
  });

const apiServerError = (source: string, status: Mapping): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(source)}: holds an API server's error instead of objects: ${JSON.stringify(textOf(status.message))}`,
    code: 'input-malformed',
  });

const noObject = (source: string, message: string): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(source)}: ${message}`,
    code: 'input-malformed',
    advice: 'give JSON or YAML as kubectl get -o json or -o yaml writes it; nothing was used',
  });
