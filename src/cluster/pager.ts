import type { Query } from './selection.js';

export interface Page {
  /** The token of the next page (`metadata.continue`). Empty on the last page. */
  readonly next: string;
}

export interface PageReader<Content extends Page> {
  /** The number of objects in one page. Undefined reads the list in one piece. */
  readonly pageSize: number | undefined;
  /** The version that the list must have (`resourceVersion`). Undefined means the newest. */
  readonly version?: string | undefined;
  /** Reads one page, which these parameters choose. */
  readonly read: (page: Query) => Promise<Content>;
  /** Returns true for the error of a token that has expired (410). */
  readonly isExpired: (error: unknown) => boolean;
  /** Returns the error for a server whose pages have no end. */
  readonly repetition: () => Error;
}

/**
 * Reads all pages of a list. With pages, the text of only one is in memory beside the objects, and the API server does
 * not build one answer of tens of megabytes. If a token expires, the list is read again without a limit, as client-go's
 * pager does (`FullListIfExpired` in tools/pager): a second try with pages could take too long again.
 * @throws what the reader throws
 */
export async function readPages<Content extends Page>(reader: PageReader<Content>): Promise<readonly Content[]> {
  const { pageSize: limit, version: resourceVersion, read, isExpired } = reader;
  const first = await read({ limit, resourceVersion });
  try {
    return await readFurther(first, reader, limit);
  } catch (error) {
    if (!isExpired(error)) throw error;
    return readFurther(await read({ resourceVersion }), reader, undefined);
  }
}

/** With 500 objects in a page, a million objects. */
const mostPages = 2_000;

/**
 * Follows the tokens from the first page on. Even without a limit, a proxy before the API server may return pages. A
 * token stands for its version, so a page with one must not name any.
 */
async function readFurther<Content extends Page>(
  first: Content,
  { read, repetition }: PageReader<Content>,
  limit: number | undefined,
): Promise<readonly Content[]> {
  const pages = [first];
  const tokens = new Set<string>();
  let token = first.next;
  while (token !== '') {
    if (tokens.has(token) || pages.length >= mostPages) throw repetition();
    tokens.add(token);
    const page = await read({ limit, continue: token });
    pages.push(page);
    token = page.next;
  }
  return pages;
}
