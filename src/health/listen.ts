import { setTimeout as sleep } from 'node:timers/promises';
import { KproxyError } from '../errors.js';
import { type BindAddress, bindAddressText } from '../net/bind-address.js';
import { reportOnce } from '../output/report-once.js';
import type { HttpServer } from './http-server.js';

export interface ListenOptions {
  /** Takes a line for the log. Each problem of a server is reported once, however long it lasts. */
  readonly onTrouble: (line: string) => void;
  /** Gives up after the first attempt: `ready` rejects. Default: false. */
  readonly isHardFail?: boolean;
  /** The time between two attempts. Default: 5,000. */
  readonly retryMilliseconds?: number;
  /** Waits between two attempts. Rejects if the signal aborts. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

export interface ListenTarget extends BindAddress {
  /** What is served, for the line about a problem: `/metrics`. */
  readonly what: string;
  /** Settles before the first attempt. Must not reject. */
  readonly after?: Promise<unknown> | undefined;
}

export interface Listener {
  /**
   * Resolves to true once the server listens, or to false if it was closed before. With `isHardFail` rejects with
   * KproxyError `address-unusable`.
   */
  readonly ready: Promise<boolean>;
  /** Returns the server's port, or undefined if it does not listen. */
  port(): number | undefined;
  /** Closes the server and all its connections at once. */
  close(): Promise<void>;
}

const defaultRetryMilliseconds = 5_000;

/**
 * Makes a server listen and retries until that works. A port is often held for a while by the program that kproxy takes
 * over from, and an address may be added to the node after kproxy starts.
 */
export function startListening(server: HttpServer, target: ListenTarget, options: ListenOptions): Listener {
  const { onTrouble, isHardFail = false, retryMilliseconds = defaultRetryMilliseconds, pause = defaultPause } = options;
  const stop = new AbortController();
  const warnOnce = reportOnce(onTrouble);

  async function listenWithRetries(): Promise<boolean> {
    await target.after;
    while (!stop.signal.aborted) {
      const error = await tryToListen(server, target);
      if (error === undefined) return true;
      const line = troubleLine(error, target);
      if (isHardFail) throw addressUnusable(line, error);
      warnOnce(`${line}; trying again every ${retryMilliseconds / 1_000} s`);
      await pause(retryMilliseconds, stop.signal).catch(() => {});
    }
    return false;
  }

  const ready = listenWithRetries();
  return {
    ready,
    port: () => portOf(server),
    close: async () => {
      stop.abort();
      if (await ready.catch(() => false)) await closeServer(server);
    },
  };
}

const defaultPause = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal });

/** Returns the error, or undefined once the server listens. */
function tryToListen(server: HttpServer, { host, port }: BindAddress): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise(resolve => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      resolve(error);
    };
    const onListening = () => {
      server.off('error', onError);
      // An accept that fails because file descriptors have run out must not end the process.
      server.on('error', () => {});
      resolve(undefined);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(host === undefined ? { port } : { port, host });
  });
}

function portOf(server: HttpServer): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

const closeServer = (server: HttpServer): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const troubleLine = (error: NodeJS.ErrnoException, target: ListenTarget): string =>
  `${target.what} cannot be served on ${bindAddressText(target)}: ${problemText(error, target.port)}`;

const addressUnusable = (message: string, cause: Error): KproxyError =>
  new KproxyError({
    code: 'address-unusable',
    message,
    advice:
      'Free the address, give another one, or leave out --bind-address-hard-fail (bindAddressHardFail) to have ' +
      'kproxy try again.',
    cause,
  });

function problemText({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE') return `another program has the port (ss -ltnp sport = :${port} names it)`;
  if (code === 'EADDRNOTAVAIL') return 'this node does not have the address';
  if (code === 'EACCES') return 'kproxy may not use the port';
  return message;
}
