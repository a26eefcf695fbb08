import { namespacedName } from '../cluster/names.js';
import { type Answer, httpServer, json } from './http-server.js';
import { type Listening, type ListenOptions, listen } from './listen.js';
import type { ServiceHealth } from './service-health.js';

export interface ServiceHealthServerOptions extends ListenOptions {
  /** The addresses to listen on; without them, all that the node has. */
  readonly addresses?: readonly string[];
  /** Whether the Services are programmed at all (`serviceProxyHealthy`). */
  readonly isProxyHealthy: () => boolean;
}

export interface ServiceHealthServer {
  /**
   * Serves these ports and no others; what has not changed is left alone. Resolves once all of them are served and the others closed, which
   * nobody has to wait for; never rejects.
   */
  update(ports: ReadonlyMap<number, ServiceHealth>): Promise<void>;
  close(): Promise<void>;
}

interface OpenPort {
  /** Changes while the port is open. */
  health: ServiceHealth;
  readonly listenings: readonly Listening[];
}

/** Answers load balancers on the Services' health check node ports, on any path: 200 where this node has endpoints of the Service, else 503. */
export function serviceHealthServer(options: ServiceHealthServerOptions): ServiceHealthServer {
  const addresses = options.addresses ?? [undefined];
  const open = new Map<number, OpenPort>();
  const closing = new Map<number, Promise<void>>();

  function openPort(port: number, health: ServiceHealth): void {
    const server = () => httpServer(() => healthAnswer(entry.health, options.isProxyHealthy()));
    const what = `the health check of ${namespacedName(health)}`;
    const entry: OpenPort = {
      health,
      listenings: addresses.map(host =>
        listen(server(), { ...(host !== undefined && { host }), port, what, after: closing.get(port) }, options),
      ),
    };
    open.set(port, entry);
  }

  /** Remembered until it is done, lest the port's next server finds it in use. */
  function closePort(port: number, { listenings }: OpenPort): void {
    open.delete(port);
    const closed = Promise.all(listenings.map(listening => listening.close())).then(() => {
      if (closing.get(port) === closed) closing.delete(port);
    });
    closing.set(port, closed);
  }

  async function update(ports: ReadonlyMap<number, ServiceHealth>): Promise<void> {
    for (const [port, entry] of open) if (!ports.has(port)) closePort(port, entry);
    for (const [port, health] of ports) {
      const entry = open.get(port);
      if (entry === undefined) openPort(port, health);
      else entry.health = health;
    }
    const opened = [...open.values()].flatMap(({ listenings }) => listenings.map(listening => listening.opened));
    await Promise.all([...opened, ...closing.values()]);
  }

  return { update, close: () => update(new Map()) };
}

/** Body and headers are kube-proxy's. */
const healthAnswer = ({ namespace, name, localEndpoints }: ServiceHealth, isProxyHealthy: boolean): Answer => ({
  ...json(
    JSON.stringify({ service: { namespace, name }, localEndpoints, serviceProxyHealthy: isProxyHealthy }, null, '\t'),
    localEndpoints > 0 && isProxyHealthy ? 200 : 503,
  ),
  headers: { 'X-Load-Balancing-Endpoint-Weight': String(localEndpoints) },
});
