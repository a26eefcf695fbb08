import { KproxyError } from '../errors.js';
import { quotedIfHostile } from './problems.js';

/** An object as it was read, before any check. */
export interface RawObject {
  /** A file's path, `stdin`, or the command that read it. */
  readonly source: string;
  readonly value: unknown;
}

export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a string as it is, and an empty text for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Of Lists in each other. kubectl writes one; a program that joins files may write a few. */
const mostLists = 10;

/**
 * Returns the objects of a document: the document itself, or the items of a `List` or a typed list (`ServiceList`),
 * including those of nested lists.
 * @throws KproxyError `input-malformed` if the document is not an object, or has lists nested too deeply,
 *   `list-incomplete` if more pages of a list follow
 */
export const objectsOf = (document: RawObject): readonly RawObject[] => objectsBelow(document, mostLists);

/** @param depth how many lists may still be in each other */
function objectsBelow(document: RawObject, depth: number): readonly RawObject[] {
  const { source, value } = document;
  if (!isMapping(value)) throw malformed(source, 'is not a Kubernetes object (a mapping with apiVersion and kind)');
  const kind = requireText(source, value, 'kind');
  const apiVersion = requireText(source, value, 'apiVersion');
  if (kind === 'Status' && apiVersion === 'v1') throw apiServerError(source, value);
  if (!kind.endsWith('List')) return [document];
  if (depth === 0) throw malformed(source, `more than ${mostLists} Lists are nested in each other`);
  return itemsOf(source, value).flatMap(item => {
    if (isTypedItem(kind, item)) return [withType(source, item, kind, apiVersion)];
    return objectsBelow({ source, value: item }, depth - 1);
  });
}

function requireText(source: string, value: Mapping, field: 'kind' | 'apiVersion'): string {
  const text = value[field];
  if (typeof text === 'string' && text !== '') return text;
  const name = isMapping(value.metadata) ? textOf(value.metadata.name) : '';
  const object = name === '' ? 'an object' : `the object ${JSON.stringify(name)}`;
  throw malformed(source, `${object} does not say its ${field} (field ${field})`);
}

/** The API server leaves kind and apiVersion out of the items of a typed list. */
const isTypedItem = (listKind: string, item: unknown): item is Mapping =>
  listKind !== 'List' && isMapping(item) && item.kind === undefined;

const withType = (source: string, item: Mapping, listKind: string, apiVersion: string): RawObject => ({
  source,
  value: { apiVersion, kind: listKind.slice(0, -'List'.length), ...item },
});

function itemsOf(source: string, list: Mapping): readonly unknown[] {
  const items = list.items ?? [];
  if (!Array.isArray(items)) throw malformed(source, `the ${textOf(list.kind)}'s items are not a list`);
  const metadata = isMapping(list.metadata) ? list.metadata : {};
  if (textOf(metadata.continue) !== '') throw partialList(source);
  return items;
}

const partialList = (source: string): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(source)}: the list is not complete (metadata.continue says that more follows)`,
    code: 'list-incomplete',
    advice: 'Write the complete list, without a limit. Missing objects would count as removed.',
  });

const apiServerError = (source: string, status: Mapping): KproxyError =>
  new KproxyError({
    message:
      `${quotedIfHostile(source)}: holds an API server's error instead of objects: ` +
      `${JSON.stringify(textOf(status.message))}`,
    code: 'input-malformed',
    advice: 'Write the objects again: the command that wrote this input failed.',
  });

const malformed = (source: string, message: string): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(source)}: ${message}`,
    code: 'input-malformed',
    advice: 'Give JSON or YAML as kubectl get -o json or -o yaml writes it. Nothing was applied.',
  });
