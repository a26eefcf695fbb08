import { rmdir, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { KproxyError, messageOf } from '../../errors.js';
import { isCode } from '../../run/error-code.js';
import type { Shell, ShellOptions } from '../lab/lab.js';
import type { Machine } from '../machines.js';
import { connectSocket } from './connect-socket.js';
import { removeIfKilled } from './remove-if-killed.js';
import { createShareFolder, socketPath } from './share-folder.js';
import { type ConnectionLimits, type ShellConnection, serveConnection } from './shell-connection.js';

export interface OfferOptions {
  /** See `shareFolder`. */
  readonly folder: string;
  readonly openShell: (machine: Machine, options: ShellOptions) => Shell;
  /** Default: this process's user. */
  readonly userId?: number;
  /** Default: 5 s for the hello, 2 s for closing, 16 MB unread. */
  readonly limits?: Partial<ConnectionLimits>;
}

/**
 * `offered`: other terminals of this user can join. `taken`: another lesson of this user runs, and terminals join that
 * one. `impossible`: no socket can be offered.
 */
export type Offer =
  | OfferedShells
  | { readonly kind: 'taken' }
  | { readonly kind: 'impossible'; readonly error: KproxyError };

export interface OfferedShells {
  readonly kind: 'offered';
  /**
   * Does work that replaces the machines, and ends open shells. Terminals that joined get a shell on the new machines.
   * If the work fails, they end.
   */
  whileRestarting<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Ends the shells of all terminals that joined, and removes the socket. May be called more than once. */
  close(): Promise<void>;
}

const defaultLimits: ConnectionLimits = { helloMilliseconds: 5_000, closeMilliseconds: 2_000, unreadBytes: 2 ** 24 };

/** Offers shells on the lesson's machines to other terminals of this user. */
export async function offerShells(options: OfferOptions): Promise<Offer> {
  const { folder, openShell, userId = process.getuid?.() ?? 0, limits } = options;
  const served = new ServedConnections(openShell, { ...defaultLimits, ...limits });
  try {
    await createShareFolder(folder, userId);
    const server = await listen(socketPath(folder), socket => served.add(socket));
    return server === undefined ? { kind: 'taken' } : createOffer(server, served, folder);
  } catch (error) {
    return { kind: 'impossible', error: error instanceof KproxyError ? error : notOffered(folder, error) };
  }
}

function createOffer(server: Server, served: ServedConnections, folder: string): OfferedShells {
  // Without a terminal that joined, the socket alone does not keep the lesson's process running.
  server.unref();
  const endRemover = removeIfKilled(folder);
  let closing: Promise<void> | undefined;
  const close = async () => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    served.endLesson();
    await closed;
    // Stays if another program put something there.
    await rmdir(folder).catch(() => {});
    endRemover();
  };
  return {
    kind: 'offered',
    whileRestarting: work => served.whileRestarting(work),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

class ServedConnections {
  readonly #connections = new Set<ShellConnection>();
  readonly #openShell: OfferOptions['openShell'];
  readonly #limits: ConnectionLimits;
  #isRestarting = false;

  constructor(openShell: OfferOptions['openShell'], limits: ConnectionLimits) {
    this.#openShell = openShell;
    this.#limits = limits;
  }

  add(socket: Socket): void {
    const connection = serveConnection(socket, {
      openShell: this.#openShell,
      isRestarting: this.#isRestarting,
      limits: this.#limits,
    });
    this.#connections.add(connection);
    connection.closed.then(() => this.#connections.delete(connection));
  }

  async whileRestarting<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isRestarting = true;
    for (const connection of this.#connections) connection.restarting();
    try {
      const result = await work();
      this.#isRestarting = false;
      for (const connection of this.#connections) connection.restarted();
      return result;
    } catch (error) {
      this.#isRestarting = false;
      for (const connection of this.#connections) connection.fail(messageOf(error));
      throw error;
    }
  }

  endLesson(): void {
    for (const connection of this.#connections) connection.endLesson();
  }
}

/** Returns a server on the path, or undefined if another process serves there. Replaces a socket without a server. */
async function listen(path: string, onSocket: (socket: Socket) => void): Promise<Server | undefined> {
  const attempts = 3;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const server = await tryToListen(path, onSocket);
    if (server !== undefined) return server;
    if (await isServed(path)) return undefined;
    await unlink(path).catch(error => {
      if (!isCode(error, 'ENOENT')) throw error;
    });
  }
  return undefined;
}

/** Returns undefined if the path is there already. */
const tryToListen = (path: string, onSocket: (socket: Socket) => void): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer(onSocket);
    server.on('error', error => (isCode(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)));
    server.listen(path, () => resolve(server));
  });

async function isServed(path: string): Promise<boolean> {
  const socket = await connectSocket(path).catch(error => {
    if (isCode(error, 'ECONNREFUSED') || isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  socket?.destroy();
  return socket !== undefined;
}

const notOffered = (folder: string, error: unknown): KproxyError =>
  new KproxyError({
    code: 'lesson-unavailable',
    message: `no shells can be offered to other terminals in ${folder}`,
    evidence: messageOf(error),
    cause: error,
  });
