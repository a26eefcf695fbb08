import type { Socket } from 'node:net';
import { clientOf } from './client-of.js';

export interface ConnectionLimits {
  /** The most connections at once. */
  readonly all: number;
  /** The most connections at once from one client. */
  readonly perClient: number;
}

/**
 * Limits how many connections are open, so that nobody can shut out probes by holding connections. A new connection is
 * always accepted, because a probe is a short one: the oldest connection of its client, or else of the client with the
 * most, is closed for it.
 */
export class ConnectionLimit {
  readonly #limits: ConnectionLimits;
  /** The connections of each client, the oldest first. */
  readonly #clients = new Map<string, Set<Socket>>();
  #count = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  add(socket: Socket): void {
    const client = clientOf(socket.remoteAddress ?? '');
    const own = this.#clients.get(client) ?? new Set();
    if (own.size >= this.#limits.perClient) this.#closeOldest(client);
    else if (this.#count >= this.#limits.all) this.#closeOldest(this.#largestClient());
    this.#clients.set(client, own.add(socket));
    this.#count += 1;
    socket.once('close', () => this.#remove(client, socket));
  }

  /** Closes all connections. */
  closeAll(): void {
    for (const sockets of [...this.#clients.values()]) for (const socket of [...sockets]) socket.destroy();
  }

  #closeOldest(client: string): void {
    const [oldest] = this.#clients.get(client) ?? [];
    if (oldest === undefined) return;
    // The event of a closed connection comes later, when more connections may have been added.
    this.#remove(client, oldest);
    oldest.destroy();
  }

  #largestClient(): string {
    const sizes = Array.from(this.#clients, ([client, { size }]) => ({ client, size }));
    return sizes.reduce((most, one) => (one.size > most.size ? one : most), { client: '', size: 0 }).client;
  }

  #remove(client: string, socket: Socket): void {
    const own = this.#clients.get(client);
    if (own?.delete(socket) !== true) return;
    this.#count -= 1;
    if (own.size === 0) this.#clients.delete(client);
  }
}
