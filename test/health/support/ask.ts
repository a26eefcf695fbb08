import { once } from 'node:events';
import { type IncomingHttpHeaders, request, type Server } from 'node:http';
import { type AddressInfo, createServer, connect as openSocket, type Server as SocketServer } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Reply {
  readonly code: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request over a connection of its own. */
export async function ask(port: number | undefined, path: string, question: Question = {}): Promise<Reply> {
  const { method = 'GET', host = '127.0.0.1', headers = {} } = question;
  const asked = request({ host, port, path, method, headers, agent: false });
  asked.end();
  const [response] = await once(asked, 'response');
  return { code: response.statusCode, headers: response.headers, body: await text(response) };
}

export const isRefused = (port: number): Promise<boolean> =>
  ask(port, '/').then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );

/** Holds a port as another program would. */
export async function holdPort(port = 0): Promise<{ readonly port: number; release(): Promise<unknown> }> {
  const server: SocketServer = createServer();
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

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const held = await holdPort();
  await held.release();
  return held.port;
}

export async function connect(port: number) {
  const socket = openSocket(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
