import { readListItems } from './list-items.js';
import { expandItem, isMapping, type Mapping, type RawObject, textOf } from './objects.js';

export interface PlainList<Result> {
  readonly results: readonly Result[];
  /** The token of the page that follows, empty where the list is whole. */
  readonly next: string;
}

/**
 * Gives each object of a text that is one JSON List (or a typed list) to `each` as soon as it is parsed, lists in lists included. Undefined where the
 * text is not plainly that: then it has to be parsed as a whole, which also tells what is wrong with it.
 * @param pieces the text in its order, cut anywhere
 */
export function readPlainList<Result>(
  source: string,
  pieces: Iterable<string>,
  each: (object: RawObject) => Result,
): PlainList<Result> | undefined {
  const results: Result[] = [];
  const read = readListItems(pieces, (item, before) => {
    const { kind, apiVersion } = before as Mapping;
    for (const object of expandItem(source, textOf(kind), textOf(apiVersion), item)) results.push(each(object));
  });
  if (read === undefined || !isList(read.header) || !agree(read.before, read.header)) return undefined;
  const { metadata } = read.header;
  return { results, next: isMapping(metadata) ? textOf(metadata.continue) : '' };
}

const isList = (header: unknown): header is Mapping =>
  isMapping(header) && textOf(header.kind).endsWith('List') && textOf(header.apiVersion) !== '';

/** Up to this length JSON.parse of the whole is quicker, as what it makes is put where it can stay. */
const leastLength = 4 * 1024 * 1024;
/** Of a text, or of a file in bytes. */
export const pieceLength = 64 * 1024;

/** The pieces of a text that is there already; none of one that is better parsed as a whole. */
export function* piecesOf(text: string): Iterable<string> {
  if (text.length < leastLength) return;
  for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
}

/** The items of a list whose kind comes after them were taken for objects that say their own. */
function agree(before: unknown, header: Mapping): boolean {
  const { kind, apiVersion } = before as Mapping;
  return kind === undefined || (kind === header.kind && apiVersion === header.apiVersion);
}
