import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ConnectionLimit, type ConnectionLimits } from './connection-limit.js';

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

/** Limits for a client: a probe is one short request. Sizes are in bytes, times in milliseconds. */
export interface HttpLimits {
  readonly maxHeaderSize: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  /** How often Node looks for clients that are too slow. */
  readonly connectionsCheckingInterval: number;
  /** How long a connection may be silent. */
  readonly silence: number;
  /** How long a client may take to read an answer. */
  readonly reading: number;
  readonly requestsPerConnection: number;
  readonly connections: ConnectionLimits;
}

export const defaultLimits: HttpLimits = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 4_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  silence: 5_000,
  reading: 20_000,
  requestsPerConnection: 1_000,
  connections: { all: 128, perClient: 64 },
};

/** The connections of all servers together: each takes one of the process's file descriptors. */
const allConnections = new ConnectionLimit({ all: 512, perClient: 384 });

/** Creates a server that answers GET and HEAD and limits what a client can occupy. It does not listen yet. */
export function createHttpServer(handle: PathHandler, limits: HttpLimits = defaultLimits): Server {
  const server = createServer(limits, (request, response) => {
    answer(request, handle)
      .catch(() => plainText('internal error\n', 500))
      .then(reply => send(response, hasBody(request) ? closing(reply) : reply, limits.reading))
      // A client's misbehavior ends its connection, never the process.
      .catch(() => response.destroy());
  });
  const own = new ConnectionLimit(limits.connections);
  server.on('connection', socket => {
    own.add(socket);
    allConnections.add(socket);
  });
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.setTimeout(limits.silence);
  return server;
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Closes the connection, so that the body of a request is not read. */
const closing = (reply: Answer): Answer => ({ ...reply, headers: { ...reply.headers, Connection: 'close' } });

async function answer(request: IncomingMessage, handle: PathHandler): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed;
  const path = request.url?.split('?', 1)[0] ?? '/';
  return (await handle(path)) ?? plainText('404 page not found\n', 404);
}

const methodNotAllowed: Answer = closing({
  ...plainText('only GET and HEAD\n', 405),
  headers: { Allow: 'GET, HEAD' },
});

function send(response: ServerResponse, { code, contentType, body, headers }: Answer, milliseconds: number): void {
  const tooSlow = setTimeout(() => response.destroy(), milliseconds);
  response.once('close', () => clearTimeout(tooSlow));
  response.writeHead(code, {
    'Content-Type': contentType,
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
