import { type BindAddress, parseBindAddress } from '../../health/bind-address.js';
import { startHealthServer } from '../../health/health-server.js';
import type { Listener } from '../../health/listen.js';
import { changeCounts, createMetrics, noMetrics, type SyncMetrics } from '../../health/metrics.js';
import { startMetricsServer } from '../../health/metrics-server.js';
import { programmingSeconds } from '../../health/programming-time.js';
import { type ServiceHealth, serviceHealthPorts } from '../../health/service-health.js';
import { openServiceHealthServer, type ServiceHealthServer } from '../../health/service-health-server.js';
import { createSyncHealth, type SyncHealth } from '../../health/sync-health.js';
import { sourcesIn } from '../../sync/touched.js';
import type { WatchObserver } from './keep-node.js';

export interface WatchHealthOptions {
  readonly healthzBindAddress: string;
  readonly metricsBindAddress: string;
  readonly syncPeriodMilliseconds: number;
  readonly nodeName: string;
  /** Throws if an address of a flag cannot be bound, instead of trying again. */
  readonly bindAddressHardFail: boolean;
  readonly onTrouble: (line: string) => void;
  /** Takes the line about a health check node port that cannot be served. */
  readonly onServiceTrouble: (service: ServiceHealth, line: string) => void;
}

export interface WatchHealth {
  readonly observer: WatchObserver;
  /** Returns true if no change has waited for twice the sync period. */
  readonly isAlive: () => boolean;
  close(): Promise<void>;
}

/**
 * Serves /healthz and /livez, /metrics, and the health check node ports of Services.
 * @throws KproxyError option-invalid if a flag has no valid address, or address-unusable with `bindAddressHardFail`
 */
export async function openWatchHealth(options: WatchHealthOptions): Promise<WatchHealth> {
  const { nodeName, onTrouble, onServiceTrouble, bindAddressHardFail: isHardFail } = options;
  const now = () => new Date();
  const { healthzAddress, metricsAddress } = parseAddresses(options);
  const health = createSyncHealth({ syncPeriodMilliseconds: options.syncPeriodMilliseconds, now });
  const prometheus = metricsAddress && (await createMetrics({ now }));
  const metrics = prometheus ?? noMetrics;
  const services = openServiceHealthServer({
    onTrouble,
    onServiceTrouble,
    isProxyHealthy: health.isProgramming,
  });
  const onProbe = metrics.recordProbe;
  const listening = { isHardFail, onTrouble };
  const listeners = [
    ...(healthzAddress ? [startHealthServer(healthzAddress, { ...listening, health, onProbe })] : []),
    ...(metricsAddress && prometheus
      ? [startMetricsServer(metricsAddress, { ...listening, metrics: prometheus })]
      : []),
  ];
  const close = async () => void (await Promise.all([services, ...listeners].map(server => server.close())));
  if (isHardFail) await allListen(listeners).catch(error => close().then(() => Promise.reject(error)));
  const observer = createObserver({ health, metrics, services, nodeName, now });
  return { observer, isAlive: health.isAlive, close };
}

const allListen = (listeners: readonly Listener[]) => Promise.all(listeners.map(({ ready }) => ready));

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
