import type { BindAddress } from './bind-address.js';
import { type Answer, type Answering, httpServer, json } from './http-server.js';
import { type Listening, type ListenOptions, listen } from './listen.js';
import type { SyncHealth } from './sync-health.js';

export type Probe = 'healthz' | 'livez';

export interface HealthServerOptions extends ListenOptions {
  readonly health: SyncHealth;
  /** A probe was answered. */
  readonly onProbe: (probe: Probe, code: number) => void;
}

/** Serves `/healthz` for load balancers and `/livez` for the kubelet. */
export const serveHealth = (address: BindAddress, options: HealthServerOptions): Listening =>
  listen(httpServer(healthAnswers(options)), { ...address, what: '/healthz' }, options);

function healthAnswers({ health, onProbe }: Pick<HealthServerOptions, 'health' | 'onProbe'>): Answering {
  const probes: Readonly<Record<string, () => Answer>> = {
    '/healthz': () => {
      const code = health.isHealthy() ? 200 : 503;
      onProbe('healthz', code);
      return json(bodyOf(health, code, health.isProgramming(), { nodeEligible: health.isNodeEligible() }), code);
    },
    '/livez': () => {
      const code = health.isAlive() ? 200 : 503;
      onProbe('livez', code);
      return json(bodyOf(health, code, health.isAlive()), code);
    },
  };
  return path => (Object.hasOwn(probes, path) ? probes[path]?.() : undefined);
}

/** How kube-proxy writes a time that never was. */
const never = '0001-01-01T00:00:00Z';

/** kube-proxy's fields in its order. Who answers 200 says `lastUpdated` now, as kube-proxy does: readers have long taken an old time for an illness. */
function bodyOf(health: SyncHealth, code: number, healthy: boolean, node: { nodeEligible?: boolean } = {}): string {
  const currentTime = health.now().toISOString();
  const lastUpdated = health.lastSynced()?.toISOString();
  const family = { lastUpdated, healthy };
  return JSON.stringify({
    lastUpdated: code === 200 ? currentTime : (lastUpdated ?? never),
    currentTime,
    ...node,
    healthy,
    status: lastUpdated === undefined ? undefined : { IPv4: family, IPv6: family },
  });
}
