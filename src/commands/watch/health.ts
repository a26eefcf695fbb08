import { parseBindAddress } from '../../health/bind-address.js';
import { serveHealth } from '../../health/health-server.js';
import { changeCounts, noMetrics, openMetrics } from '../../health/metrics.js';
import { serveMetrics } from '../../health/metrics-server.js';
import { programmingSeconds } from '../../health/programming-time.js';
import { serviceHealthPorts } from '../../health/service-health.js';
import { serviceHealthServer } from '../../health/service-health-server.js';
import { syncHealth } from '../../health/sync-health.js';
import { sourcesIn } from '../../sync/touched.js';
import type { WatchObserver } from './keep-node.js';

export interface WatchHealthOptions {
  readonly healthzBindAddress: string;
  readonly metricsBindAddress: string;
  readonly syncPeriodMilliseconds: number;
  readonly nodeName: string;
  readonly onTrouble: (line: string) => void;
}

export interface WatchHealth {
  readonly observer: WatchObserver;
  close(): Promise<void>;
}

/**
 * Serves what others ask a proxy: /healthz and /livez, /metrics, and the health check node ports of Services.
 * @throws KproxyError (exit code 2) where a flag's address is none
 */
export async function openWatchHealth(options: WatchHealthOptions): Promise<WatchHealth> {
  const { nodeName, onTrouble } = options;
  const now = () => new Date();
  const healthAddress = parseBindAddress(options.healthzBindAddress, {
    flag: '--healthz-bind-address',
    defaultPort: 10256,
  });
  const metricsAddress = parseBindAddress(options.metricsBindAddress, {
    flag: '--metrics-bind-address',
    defaultPort: 10249,
  });
  const health = syncHealth({ syncPeriodMilliseconds: options.syncPeriodMilliseconds, now });
  const served = metricsAddress && (await openMetrics({ now }));
  const metrics = served ?? noMetrics;
  const services = serviceHealthServer({ onTrouble, isProxyHealthy: health.isProgramming });
  const servers = [
    services,
    ...(healthAddress ? [serveHealth(healthAddress, { health, onProbe: metrics.probed, onTrouble })] : []),
    ...(metricsAddress && served ? [serveMetrics(metricsAddress, { metrics: served, onTrouble })] : []),
  ];
  const since = now();
  return {
    observer: {
      onObjects: store =>
        health.node([...store.objects('Node').values()].find(({ metadata }) => metadata.name === nodeName)),
      onQueued: changes => {
        health.queued();
        metrics.queued(changeCounts(changes));
      },
      onSynced: ({ changes, isWhole, milliseconds }, store) => {
        health.synced();
        metrics.synced({
          ...changeCounts(changes),
          seconds: milliseconds / 1_000,
          isFull: isWhole,
          programmingSeconds: programmingSeconds(changes, { since, now: now() }),
        });
        void services.update(serviceHealthPorts(store.objects('Service').values(), sourcesIn(store), nodeName));
      },
      onFailed: health.queued,
    },
    close: async () => void (await Promise.all(servers.map(server => server.close()))),
  };
}
