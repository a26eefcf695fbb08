import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Answer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a path answers, without its query; undefined where there is nothing (404). */
export type Answering = (path: string) => Answer | undefined | Promise<Answer | undefined>;

export const plainText = (body: string, code = 200): Answer => ({
  code,
  contentType: 'text/plain; charset=utf-8',
  body,
});

export const json = (body: string, code: number): Answer => ({ code, contentType: 'application/json', body });

/** A probe is one short request: who sends more, or takes longer, is not one. */
const limits = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  silenceMilliseconds: 10_000,
  connections: 128,
} as const;

/** An HTTP server that answers GET and HEAD, bounded in what a client can make it keep. It does not listen yet. */
export function httpServer(answering: Answering): Server {
  const server = createServer(limits, (request, response) => {
    answer(request, answering)
      .catch(() => plainText('the answer could not be made\n', 500))
      .then(found => send(response, found))
      // Whatever a client does to a connection ends that connection, not the process.
      .catch(() => response.destroy());
  });
  server.maxConnections = limits.connections;
  server.setTimeout(limits.silenceMilliseconds);
  return server;
}

async function answer(request: IncomingMessage, answering: Answering): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed;
  const path = request.url?.split('?', 1)[0] ?? '/';
  return (await answering(path)) ?? plainText('404 page not found\n', 404);
}

/** The connection is closed, so that a body that was sent along is not read. */
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
