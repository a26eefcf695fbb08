/** What of a request decides about its answer. */
export interface RequestHead {
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  /** The connection may be used for another request. False too if a body follows, which is not read. */
  readonly keepsAlive: boolean;
}

/**
 * Parses the request line and the headers of an HTTP/1 request, without the empty line that ends them. Returns
 * undefined unless they are as RFC 9112 has them.
 */
export function parseRequestHead(text: string): RequestHead | undefined {
  const [requestLine = '', ...headerLines] = text.split('\r\n');
  const [, method = '', target = '', minorVersion] = /^([A-Z]+) ([!-~]+) HTTP\/1\.([01])$/.exec(requestLine) ?? [];
  const headers = parseHeaders(headerLines);
  if (minorVersion === undefined || headers === undefined) return undefined;
  const isFirstVersion = minorVersion === '0';
  if (!isFirstVersion && !headers.has('host')) return undefined;
  return {
    method,
    path: target.split('?', 1)[0] ?? '/',
    keepsAlive: !isFirstVersion && !wantsClose(headers) && !hasBody(headers),
  };
}

type Headers = ReadonlyMap<string, readonly string[]>;

const isToken = (text: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(text);
/** A header may have a tab, and any byte above ASCII. */
const isValue = (text: string): boolean => /^[\t -~\u0080-\u00ff]*$/.test(text);

/** Returns the values of the headers by their names in lower case, or undefined if a line is not a header. */
function parseHeaders(lines: readonly string[]): Headers | undefined {
  const headers = new Map<string, readonly string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1)];
    if (colon < 0 || !isToken(name) || !isValue(value)) return undefined;
    headers.set(name, [...(headers.get(name) ?? []), value.trim()]);
  }
  return headers;
}

const wantsClose = (headers: Headers): boolean =>
  (headers.get('connection') ?? []).some(value =>
    value
      .toLowerCase()
      .split(/[ \t,]+/)
      .includes('close'),
  );

const hasBody = (headers: Headers): boolean =>
  headers.has('transfer-encoding') || (headers.get('content-length') ?? []).some(length => length !== '0');
