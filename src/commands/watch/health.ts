import { type BindAddress, parseBindAddress } from '../../health/bind-address.js';
import { startHealthServer } from '../../health/health-server.js';
import { changeCounts, createMetrics, noMetrics, type SyncMetrics } from '../../health/metrics.js';
import { startMetricsServer } from '../../health/metrics-server.js';
import { programmingSeconds } from '../../health/programming-time.js';
import { serviceHealthPorts } from '../../health/service-health.js';
import { openServiceHealthServer, type ServiceHealthServer } from '../../health/service-health-server.js';
import { createSyncHealth, type SyncHealth } from '../../health/sync-health.js';
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
 * Serves /healthz and /livez, /metrics, and the health check node ports of Services.
 * @throws KproxyError option-invalid if a flag has no valid address
 */
export async function openWatchHealth(options: WatchHealthOptions): Promise<WatchHealth> {
  const { nodeName, onTrouble } = options;
  const now = () => new Date();
  const { healthzAddress, metricsAddress } = parseAddresses(options);
  const health = createSyncHealth({ syncPeriodMilliseconds: options.syncPeriodMilliseconds, now });
  const prometheus = metricsAddress && (await createMetrics({ now }));
  const metrics = prometheus ?? noMetrics;
  const services = openServiceHealthServer({ onTrouble, isProxyHealthy: health.isProgramming });
  const onProbe = metrics.recordProbe;
  const servers = [
    services,
    ...(healthzAddress ? [startHealthServer(healthzAddress, { health, onProbe, onTrouble })] : []),
    ...(metricsAddress && prometheus ? [startMetricsServer(metricsAddress, { metrics: prometheus, onTrouble })] : []),
  ];
  return {
    observer: createObserver({ health, metrics, services, nodeName, now }),
    close: async () => void (await Promise.all(servers.map(server => server.close()))),
  };
}

interface Addresses {
  readonly healthzAddress: BindAddress | undefined;
  readonly metricsAddress: BindAddress | undefined;
}

/** The default ports are kube-proxy's. */
const parseAddresses = ({ healthzBindAddress, metricsBindAddress }: WatchHealthOptions): Addresses => ({
  healthzAddress: parseBindAddress(healthzBindAddress, { flag: '--healthz-bind-address', defaultPort: 10256 }),
  metricsAddress: parseBindAddress(metricsBindAddress, { flag: '--metrics-bind-address', defaultPort: 10249 }),
});

interface ObserverOptions {
  readonly health: SyncHealth;
  readonly metrics: SyncMetrics;
  readonly services: ServiceHealthServer;
  readonly nodeName: string;
  readonly now: () => Date;
}

function createObserver({ health, metrics, services, nodeName, now }: ObserverOptions): WatchObserver {
  const since = now();
  return {
    onObjects: store =>
      health.setNode([...store.objects('Node').values()].find(({ metadata }) => metadata.name === nodeName)),
    onQueued: changes => {
      health.recordQueued();
      metrics.recordQueued(changeCounts(changes));
    },
    onSynced: ({ changes, isWhole, milliseconds }, store) => {
      health.recordSync();
      metrics.recordSync({
        ...changeCounts(changes),
        seconds: milliseconds / 1_000,
        isFull: isWhole,
        programmingSeconds: programmingSeconds(changes, { since, now: now() }),
      });
      // Opening and closing ports must not delay the next sync.
      void services.update(serviceHealthPorts(store.objects('Service').values(), sourcesIn(store), nodeName));
    },
    onFailed: health.recordQueued,
  };
}
