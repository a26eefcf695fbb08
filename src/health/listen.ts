import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BindAddress, bindAddressText } from './bind-address.js';

export interface ListenOptions {
  /** Takes a line for the log. Each trouble of a server is told once, however long it lasts. */
  readonly onTrouble: (line: string) => void;
  /** The pause before another try. */
  readonly retryMilliseconds?: number;
  /** Rejects when the signal says stop. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

export interface ListenTarget extends BindAddress {
  /** What is served, for the line about trouble: `/metrics`. */
  readonly what: string;
  /** What has to end before the first try; must not reject. */
  readonly after?: Promise<unknown> | undefined;
}

export interface Listening {
  /** True once the server listens, false where it was closed before it could. */
  readonly opened: Promise<boolean>;
  /** The port that is listened on; undefined before that and after it. */
  port(): number | undefined;
  /** Ends the server and all its connections at once. */
  close(): Promise<void>;
}

const usualRetryMilliseconds = 5_000;

/**
 * Makes a server listen, and goes on trying while that is not possible: a port is often held for a while by the program that kproxy takes
 * over from, and an address can come later than kproxy. Never throws; the process lives on without the server meanwhile.
 */
export function listen(server: Server, target: ListenTarget, options: ListenOptions): Listening {
  const { onTrouble, retryMilliseconds = usualRetryMilliseconds, pause = usualPause } = options;
  const stop = new AbortController();
  const told = new Set<string>();

  async function keepTrying(): Promise<boolean> {
    await target.after;
    while (!stop.signal.aborted) {
      const error = await tryToListen(server, target);
      if (error === undefined) return true;
      tell(troubleLine(error, target, retryMilliseconds));
      await pause(retryMilliseconds, stop.signal).catch(() => {});
    }
    return false;
  }

  function tell(line: string): void {
    if (told.has(line)) return;
    told.add(line);
    onTrouble(line);
  }

  const opened = keepTrying();
  return {
    opened,
    port: () => portOf(server),
    close: async () => {
      stop.abort();
      if (await opened) await end(server);
    },
  };
}

const usualPause = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal });

function tryToListen(server: Server, { host, port }: BindAddress): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise(resolve => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      resolve(error);
    };
    const onListening = () => {
      server.off('error', onError);
      // An accept that fails, for want of file descriptors, must not end the process.
      server.on('error', () => {});
      resolve(undefined);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(host === undefined ? { port } : { port, host });
  });
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

const end = (server: Server): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const troubleLine = (error: NodeJS.ErrnoException, target: ListenTarget, milliseconds: number): string =>
  `${target.what} cannot be served on ${bindAddressText(target)}: ${reasonOf(error, target.port)}; trying again every ${milliseconds / 1_000} s`;

function reasonOf({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE') return `another program has the port (ss -ltnp sport = :${port} names it)`;
  if (code === 'EADDRNOTAVAIL') return 'this node does not have the address';
  if (code === 'EACCES') return 'kproxy may not use the port';
  return message;
}
