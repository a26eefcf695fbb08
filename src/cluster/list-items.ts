import { parsedOrUndefined } from './parsed.js';

/** A list whose items were read a few at a time. */
export interface ListRead {
  /** What stood before the items. */
  readonly before: unknown;
  /** The whole list, without its items. */
  readonly header: unknown;
}

/**
 * Reads a JSON text that is one object with a list of objects as its `items`, a few items at a time, so that their trees are never all alive: most of a
 * tree is thrown away when it is checked. `each` gets an item and what stood before the items.
 *
 * Gives undefined where the text is not plainly that, or where `pieces` or `each` throws: JSON.parse of the whole tells what it is. Otherwise it gives
 * what JSON.parse gives: where an item ends is a guess until JSON.parse takes all before it, and a text is JSON in one way only.
 * @param pieces the text in its order, cut anywhere; about as much as one holds is parsed at a time
 */
export function readListItems(
  pieces: Iterable<string>,
  each: (item: unknown, before: unknown) => void,
): ListRead | undefined {
  const iterator = pieces[Symbol.iterator]();
  try {
    const text = windowOn(iterator);
    const opening = takeOpening(text);
    const before: unknown = JSON.parse(`${opening}]}`);
    for (const items of itemsIn(text)) for (const item of items) each(item, before);
    return { before, header: headerOf(opening, takeRest(text)) };
  } catch {
    return undefined;
  } finally {
    iterator.return?.();
  }
}

/** Thrown where the text is not plainly a list; nobody is told. */
const notPlain = new Error('not plainly a list');

/** What can be seen of the text; what is before `at` was taken. */
interface Window {
  shown: string;
  at: number;
  /** Shows the next piece too. False at the end of the text. */
  readonly more: () => boolean;
}

/** No object is as long in the API server; to look for the end of one again with each piece has to end. */
const longestWindow = 2 * 1024 * 1024;

function windowOn(pieces: Iterator<string>): Window {
  const more = (): boolean => {
    const { done, value } = pieces.next();
    if (done === true) return false;
    if (text.shown.length > longestWindow) throw notPlain;
    text.shown = text.shown.slice(text.at) + value;
    text.at = 0;
    return true;
  };
  const text: Window = { shown: '', at: 0, more };
  return text;
}

const itemsKey = '"items"';
/** A text that has no items by then is not read any further for them. */
const longestOpening = 4096;

/** Takes what goes before the items, with the bracket that opens them. */
function takeOpening(text: Window): string {
  for (;;) {
    const end = endOfOpening(text.shown);
    if (end !== undefined) {
      text.at = end;
      return text.shown.slice(0, end);
    }
    if (text.shown.length > longestOpening || !text.more()) throw notPlain;
  }
}

function endOfOpening(text: string): number | undefined {
  const key = text.indexOf(itemsKey);
  const opening = /\s*:\s*\[/y;
  opening.lastIndex = key + itemsKey.length;
  return key >= 0 && opening.test(text) ? opening.lastIndex : undefined;
}

function takeRest(text: Window): string {
  while (text.more());
  return text.shown.slice(text.at);
}

/** Where `items` is named only once and no escape can hide another, what was read are the items of the list. */
function headerOf(opening: string, closing: string): unknown {
  if (opening.includes('\\') || closing.includes('\\') || closing.includes(itemsKey)) throw notPlain;
  return JSON.parse(opening + closing);
}

/** Takes the items, as many at a time as can be seen, and leaves the bracket that closes them. */
function* itemsIn(text: Window): Iterable<readonly unknown[]> {
  if (isEmpty(text)) return;
  yield takeItems(text, scannedEnd(text, 1));
  const separator = separatorAt(text);
  if (separator !== undefined) yield* guessedItems(text, separator);
  while (text.shown[text.at] === ',') {
    text.at += 1;
    yield takeItems(text, scannedEnd(text, Number.POSITIVE_INFINITY));
  }
}

function isEmpty(text: Window): boolean {
  do {
    text.at = endOfSpace(text.shown, text.at);
    if (text.at < text.shown.length) return text.shown[text.at] === ']';
  } while (text.more());
  throw notPlain;
}

function takeItems(text: Window, end: number): readonly unknown[] {
  const items = JSON.parse(`[${text.shown.slice(text.at, end)}]`);
  text.at = end;
  return items;
}

/** What is between the first two items, from the brace that closes the one to the name of the other's first field: it mostly is between all. */
function separatorAt(text: Window): string | undefined {
  const between = /,\s*\{\s*"[^"\\]*"\s*:/y;
  between.lastIndex = text.at;
  const [separator] = between.exec(text.shown) ?? [];
  return separator;
}

/** To look for the last separator is six times quicker than to walk over the text. Ends where there is none, or where one was no separator of items. */
function* guessedItems(text: Window, separator: string): Iterable<readonly unknown[]> {
  for (;;) {
    const place = text.shown.lastIndexOf(separator);
    if (place > text.at) {
      const items = parsedOrUndefined(`[${text.shown.slice(text.at + 1, place)}]`);
      if (!Array.isArray(items)) return;
      text.at = place;
      yield items;
    } else if (!text.more()) return;
  }
}

/** The place of the comma or bracket after the last object that can be seen whole, or after so many. */
function scannedEnd(text: Window, most: number): number {
  for (;;) {
    let end: number | undefined;
    let next = endOfElement(text.shown, text.at);
    for (let count = 1; next !== undefined; count += 1) {
      end = next;
      if (count === most || text.shown[end] === ']') break;
      next = endOfElement(text.shown, end + 1);
    }
    if (end !== undefined) return end;
    if (!text.more()) throw notPlain;
  }
}

/** The place of the comma or bracket after an object. Undefined where the text does not go on as far. */
function endOfElement(text: string, start: number): number | undefined {
  const brace = endOfSpace(text, start);
  if (brace < text.length && text[brace] !== '{') throw notPlain;
  const end = endOfSpace(text, endOfObject(text, brace));
  if (end >= text.length) return undefined;
  if (text[end] !== ',' && text[end] !== ']') throw notPlain;
  return end;
}

function endOfSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \n\r\t'.includes(text.charAt(at))) at += 1;
  return at;
}

const [quote, backslash, openingBrace, closingBrace] = [0x22, 0x5c, 0x7b, 0x7d];

/** Where the object that starts there ends if the text is JSON, or the end of the text. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at + 1);
    else if (code === openingBrace) depth += 1;
    else if (code === closingBrace && --depth === 0) return at + 1;
  }
  return text.length;
}

/** The place of the quote that ends a string, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, place: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(place - 1 - backslashes) === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}
