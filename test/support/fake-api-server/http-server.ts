import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Handler } from './answer.js';

/** A fake API server on a port of 127.0.0.1. */
export interface FakeApiServer {
  readonly url: string;
  /** The requests in order: `GET /api/v1/services`. */
  readonly requests: readonly string[];
  /** The content of a kubeconfig for this server. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** @param port 0 lets the system choose one */
export async function startFakeApiServer(handler: Handler, port = 0): Promise<FakeApiServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void answer(handler, request, response);
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    kubeconfig: kubeconfigText(url),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends each chunk of the answer as soon as it is there. Destroys the connection if the answer breaks off. */
async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  try {
    const reply = handler(request.url ?? '/', request.method ?? 'GET');
    const { status, headers, retryAfterSeconds, body } = await reply(controller.signal);
    const retryAfter = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
    response.writeHead(status, { 'Content-Type': 'application/json', ...retryAfter, ...headers }).flushHeaders();
    for await (const chunk of body) await write(response, chunk);
    response.end();
  } catch {
    response.destroy();
  }
}

/** Resolves when the chunk is on its way, so that a connection that breaks after it does not lose it. */
const write = (response: ServerResponse, chunk: string | Buffer): Promise<void> =>
  new Promise(resolve => {
    if (!response.write(chunk, () => resolve())) response.once('close', resolve);
  });

const kubeconfigText = (server: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    clusters: [{ name: 'fake', cluster: { server } }],
    users: [{ name: 'fake', user: {} }],
  });
