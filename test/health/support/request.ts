import { once } from 'node:events';
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, createServer, connect as openSocket, type Server } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Reply {
  readonly code: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RequestOptions {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The client's own address. */
  readonly from?: string;
  /** Keeps connections alive. */
  readonly agent?: Agent;
}

/** Sends one request, over a connection of its own unless there is an agent. */
export async function sendRequest(
  port: number | undefined,
  path: string,
  options: RequestOptions = {},
): Promise<Reply> {
  const { method = 'GET', host = '127.0.0.1', headers = {}, from, agent = false } = options;
  const message = request({ host, port, path, method, headers, agent, localAddress: from });
  message.end();
  const [response] = await once(message, 'response');
  return { code: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Returns true if the port refuses connections. */
export const isRefused = (port: number): Promise<boolean> =>
  sendRequest(port, '/').then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );

/** Occupies a port, as another program would. */
export async function holdPort(port = 0): Promise<{ readonly port: number; release(): Promise<unknown> }> {
  const server: Server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    release: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** Returns a port that is free at present. */
export async function freePort(): Promise<number> {
  const held = await holdPort();
  await held.release();
  return held.port;
}

/** Opens a connection. */
export async function connect(port: number, from?: string) {
  const socket = openSocket({ port, host: '127.0.0.1', ...(from !== undefined && { localAddress: from }) });
  await once(socket, 'connect');
  return socket;
}

/** Makes a server listen on a free port, and returns the port. */
export async function listenOnFreePort(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
