import { createServer, type Server, type Socket } from 'node:net';
import { type Answer, plainText } from './answer.js';
import { ConnectionLimit, type ConnectionLimits } from './connection-limit.js';
import { HttpConnection, type RequestLimits } from './http-connection.js';
import type { RequestHead } from './request-head.js';
import { type RateLimits, RequestRate } from './request-rate.js';

/** Returns the answer for a path without its query, or undefined for an unknown path (404). */
export type PathHandler = (path: string) => Answer | undefined | Promise<Answer | undefined>;

/** Returns a handler that serves the given pages by their path. */
export const servePages =
  (pages: Readonly<Record<string, () => Answer | Promise<Answer>>>): PathHandler =>
  path =>
    Object.hasOwn(pages, path) ? pages[path]?.() : undefined;

/** Limits for the clients of one server. */
export interface HttpLimits extends RequestLimits {
  readonly connections: ConnectionLimits;
  readonly requests: RateLimits;
}

export const defaultLimits: HttpLimits = {
  headSize: 8 * 1024,
  pieces: 100,
  asking: 5_000,
  reading: 20_000,
  connections: { all: 128, perClient: 64 },
  requests: { perSecond: 50, burst: 250 },
};

/** The connections of all servers together: each takes one of the process's file descriptors. */
const allConnections = new ConnectionLimit({ all: 512, perClient: 384 });

/**
 * The requests to all servers together, each of which takes about 0.1 ms. A load balancer may ask for the health of
 * hundreds of Services, each on a port of its own.
 */
const allRequests = new RequestRate({ perSecond: 500, burst: 2_000 });

export interface HttpServer extends Server {
  closeAllConnections(): void;
}

/**
 * Creates a server that answers GET and HEAD and limits what a client can occupy: connections, time and requests. A
 * client that asks too often is cut off without an answer. It does not listen yet.
 */
export function createHttpServer(handle: PathHandler, limits: HttpLimits = defaultLimits): HttpServer {
  const own = new ConnectionLimit(limits.connections);
  const rate = new RequestRate(limits.requests);
  const answer = (request: RequestHead): Promise<Answer> =>
    answerRequest(request, handle).catch(() => plainText('internal error\n', 500));
  const serve = (socket: Socket): void => {
    const client = socket.remoteAddress ?? '';
    const mayAsk = (): boolean => rate.take(client) && allRequests.take(client);
    // A connection counts as a request even before it sends one: to accept it is most of the work.
    if (!mayAsk()) {
      socket.destroy();
      return;
    }
    own.add(socket);
    allConnections.add(socket);
    new HttpConnection(socket, { limits, answer, mayAskAgain: mayAsk });
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, serve);
  return Object.assign(server, { closeAllConnections: () => own.closeAll() });
}

async function answerRequest({ method, path }: RequestHead, handle: PathHandler): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed;
  return (await handle(path)) ?? plainText('404 page not found\n', 404);
}

const methodNotAllowed: Answer = {
  ...plainText('only GET and HEAD\n', 405),
  headers: { Allow: 'GET, HEAD', Connection: 'close' },
};
