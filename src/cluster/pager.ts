export interface Page {
  /** The token of the next page (`metadata.continue`). Empty on the last page. */
  readonly next: string;
}

export interface PageReader<Content extends Page> {
  /** The number of objects in one page. */
  readonly pageSize: number;
  readonly read: (path: string) => Promise<Content>;
  /** Returns true for the error of a token that has expired (410). */
  readonly isExpired: (error: unknown) => boolean;
  /** Returns the error for a server that returns the same page again and again. */
  readonly repetition: () => Error;
}

/**
 * Reads all pages of a list. With pages, the text of only one is in memory beside the objects, and the API server does
 * not build one answer of tens of megabytes. If a token expires, the list is read again without a limit, as client-go's
 * pager does (`FullListIfExpired` in tools/pager): a second try with pages could take too long again.
 * @param path the path of the list, without a query
 * @throws what the reader throws
 */
export async function readPages<Content extends Page>(
  path: string,
  reader: PageReader<Content>,
): Promise<readonly Content[]> {
  const limit = `limit=${reader.pageSize}`;
  const first = await reader.read(`${path}?${limit}`);
  try {
    return await readFurther(path, first, reader, `${limit}&`);
  } catch (error) {
    if (!reader.isExpired(error)) throw error;
    return readFurther(path, await reader.read(path), reader, '');
  }
}

/** Follows the tokens from the first page on. Even without a limit, a proxy before the API server may return pages. */
async function readFurther<Content extends Page>(
  path: string,
  first: Content,
  { read, repetition }: PageReader<Content>,
  limit: string,
): Promise<readonly Content[]> {
  const pages = [first];
  let token = first.next;
  while (token !== '') {
    const page = await read(`${path}?${limit}continue=${encodeURIComponent(token)}`);
    if (page.next === token) throw repetition();
    pages.push(page);
    token = page.next;
  }
  return pages;
}
