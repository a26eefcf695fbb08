import { type Answer, json } from './answer.js';
import { createHttpServer } from './http-server.js';
import { type Listener, type ListenOptions, startListening } from './listen.js';
import type { ServiceHealth } from './service-health.js';

export interface ServiceHealthServerOptions extends ListenOptions {
  /** The addresses to listen on. Default: all addresses of the node. */
  readonly addresses?: readonly string[];
  /** Takes the line about a port that cannot be served, beside `onTrouble`, with its Service. */
  readonly onServiceTrouble?: (service: ServiceHealth, line: string) => void;
  /** Returns true if the node is kept in sync (`serviceProxyHealthy`). */
  readonly isProxyHealthy: () => boolean;
}

export interface ServiceHealthServer {
  /**
   * Serves these ports and no others, without touching ports that stay. Resolves once all of them are served and the
   * others are closed. Never rejects.
   */
  update(ports: ReadonlyMap<number, ServiceHealth>): Promise<void>;
  close(): Promise<void>;
}

interface OpenPort {
  /** Updated while the port is open. */
  health: ServiceHealth;
  readonly listeners: readonly Listener[];
}

/**
 * Opens a server for the Services' health check node ports. It answers load balancers on any path with 200 if this node
 * has endpoints of the Service, else with 503.
 */
export function openServiceHealthServer(options: ServiceHealthServerOptions): ServiceHealthServer {
  const addresses = options.addresses ?? [undefined];
  const open = new Map<number, OpenPort>();
  const closing = new Map<number, Promise<void>>();

  function openPort(port: number, health: ServiceHealth): void {
    const server = () => createHttpServer(() => healthAnswer(entry.health, options.isProxyHealthy()));
    const onTrouble = (line: string): void => {
      options.onTrouble(line);
      options.onServiceTrouble?.(entry.health, line);
    };
    const what = `the health check of ${health.namespace}/${health.name}`;
    const entry: OpenPort = {
      health,
      listeners: addresses.map(host =>
        startListening(
          server(),
          { ...(host !== undefined && { host }), port, what, after: closing.get(port) },
          { ...options, onTrouble },
        ),
      ),
    };
    open.set(port, entry);
  }

  /** Closes a port, and records the closing so that the port's next server waits for it. */
  function closePort(port: number, { listeners }: OpenPort): void {
    open.delete(port);
    const end = Promise.all(listeners.map(listener => listener.close())).then(() => {
      if (closing.get(port) === end) closing.delete(port);
    });
    closing.set(port, end);
  }

  async function update(ports: ReadonlyMap<number, ServiceHealth>): Promise<void> {
    for (const [port, entry] of open) if (!ports.has(port)) closePort(port, entry);
    for (const [port, health] of ports) {
      const entry = open.get(port);
      if (entry === undefined) openPort(port, health);
      else entry.health = health;
    }
    const opening = [...open.values()].flatMap(({ listeners }) => listeners.map(({ ready }) => ready));
    await Promise.all([...opening, ...closing.values()]);
  }

  return { update, close: () => update(new Map()) };
}

/** Returns the answer with kube-proxy's body and headers. */
const healthAnswer = ({ namespace, name, localEndpoints }: ServiceHealth, isProxyHealthy: boolean): Answer => ({
  ...json(
    JSON.stringify({ service: { namespace, name }, localEndpoints, serviceProxyHealthy: isProxyHealthy }, null, '\t'),
    localEndpoints > 0 && isProxyHealthy ? 200 : 503,
  ),
  headers: { 'X-Load-Balancing-Endpoint-Weight': String(localEndpoints) },
});
