import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Answer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the answer for a path without its query, or undefined for an unknown path (404). */
export type PathHandler = (path: string) => Answer | undefined | Promise<Answer | undefined>;

/** Returns a handler that serves the given pages by their path. */
export const servePages =
  (pages: Readonly<Record<string, () => Answer | Promise<Answer>>>): PathHandler =>
  path =>
    Object.hasOwn(pages, path) ? pages[path]?.() : undefined;

export const plainText = (body: string, code = 200): Answer => ({
  code,
  contentType: 'text/plain; charset=utf-8',
  body,
});

export const json = (body: string, code: number): Answer => ({ code, contentType: 'application/json', body });

/** Limits for a client: a probe is one short request. Sizes in bytes, times in milliseconds. */
const limits = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
} as const;
const silenceMilliseconds = 10_000;
const maxConnections = 128;

/** Creates a server that answers GET and HEAD and limits what a client can occupy. It does not listen yet. */
export function createHttpServer(handle: PathHandler): Server {
  const server = createServer(limits, (request, response) => {
    answer(request, handle)
      .catch(() => plainText('internal error\n', 500))
      .then(reply => send(response, reply))
      // A client's misbehavior ends its connection, never the process.
      .catch(() => response.destroy());
  });
  server.maxConnections = maxConnections;
  server.setTimeout(silenceMilliseconds);
  return server;
}

async function answer(request: IncomingMessage, handle: PathHandler): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed;
  const path = request.url?.split('?', 1)[0] ?? '/';
  return (await handle(path)) ?? plainText('404 page not found\n', 404);
}

/** Closes the connection, so that the body of a refused request is not read. */
const methodNotAllowed: Answer = {
  ...plainText('only GET and HEAD\n', 405),
  headers: { Allow: 'GET, HEAD', Connection: 'close' },
};

function send(response: ServerResponse, { code, contentType, body, headers }: Answer): void {
  response.writeHead(code, {
    'Content-Type': contentType,
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
