import type { BindAddress } from '../net/bind-address.js';
import { json } from './answer.js';
import { createHttpServer, type PathHandler, servePages } from './http-server.js';
import { type Listener, type ListenOptions, startListening } from './listen.js';
import type { SyncHealth } from './sync-health.js';

export type Probe = 'healthz' | 'livez';

export interface HealthServerOptions extends ListenOptions {
  readonly health: SyncHealth;
  /** Called for each probe with the code of its answer. */
  readonly onProbe: (probe: Probe, code: number) => void;
}

/** Serves `/healthz` for load balancers and `/livez` for the kubelet. */
export const startHealthServer = (address: BindAddress, options: HealthServerOptions): Listener =>
  startListening(createHttpServer(probeHandler(options)), { ...address, what: '/healthz' }, options);

function probeHandler({ health, onProbe }: Pick<HealthServerOptions, 'health' | 'onProbe'>): PathHandler {
  return servePages({
    '/healthz': () => {
      const code = health.isHealthy() ? 200 : 503;
      onProbe('healthz', code);
      return json(probeBody(health, code, health.isProgramming(), { nodeEligible: health.isNodeEligible() }), code);
    },
    '/livez': () => {
      const code = health.isAlive() ? 200 : 503;
      onProbe('livez', code);
      return json(probeBody(health, code, health.isAlive()), code);
    },
  });
}

/** Go's zero time, which kube-proxy reports if it has never synced. */
const never = '0001-01-01T00:00:00Z';

/**
 * Returns the body of an answer with kube-proxy's fields in kube-proxy's order (pkg/proxy/healthcheck). If the code is
 * 200, `lastUpdated` is the present time, because clients of old releases treat an old time as unhealthy.
 */
function probeBody(health: SyncHealth, code: number, healthy: boolean, node: { nodeEligible?: boolean } = {}): string {
  const currentTime = health.now().toISOString();
  const lastUpdated = health.lastSyncTime()?.toISOString();
  const status = Object.fromEntries(health.served().map(family => [family, { lastUpdated, healthy }]));
  return JSON.stringify({
    lastUpdated: code === 200 ? currentTime : (lastUpdated ?? never),
    currentTime,
    ...node,
    healthy,
    status: lastUpdated === undefined ? undefined : status,
  });
}
