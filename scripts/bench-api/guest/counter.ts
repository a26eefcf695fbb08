import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Forwards TCP connections and counts their bytes, as they are on the wire: TLS and all. */
export interface Counter {
  readonly port: number;
  /** Returns the bytes that the server has sent so far, on all connections. */
  received(): number;
  /** Returns when the server has last sent something, in milliseconds of `performance.now()`. */
  lastReceived(): number;
  /** Ends all connections, as an API server that restarts does. */
  cut(): void;
  close(): Promise<void>;
}

export interface CounterOptions {
  /** The address to listen on. */
  readonly address: string;
  readonly target: { readonly host: string; readonly port: number };
  /** The address that the server sees its clients come from. */
  readonly localAddress?: string;
}

/** Starts a counter on a free port. */
export async function startCounter({ address, target, localAddress }: CounterOptions): Promise<Counter> {
  let received = 0;
  let lastReceived = performance.now();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // The other half of the pair ends with this one, whatever the reason is.
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, socket => {
    const client = keep(socket);
    const upstream = keep(connect({ ...target, ...(localAddress && { localAddress }), allowHalfOpen: true }));
    upstream.on('data', bytes => {
      received += bytes.length;
      lastReceived = performance.now();
    });
    client.pipe(upstream).on('close', () => client.destroy());
    upstream.pipe(client).on('close', () => upstream.destroy());
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    lastReceived: () => lastReceived,
    cut,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        cut();
      }),
  };
}
