import { existsSync } from 'node:fs';
import { startHealthServer } from '../../health/health-server.js';
import type { Listener } from '../../health/listen.js';
import { createMetrics, noMetrics } from '../../health/metrics.js';
import { startMetricsServer } from '../../health/metrics-server.js';
import { observeTools } from '../../health/observe-tools.js';
import type { ServiceHealth } from '../../health/service-health.js';
import { openServiceHealthServer } from '../../health/service-health-server.js';
import { createSyncHealth } from '../../health/sync-health.js';
import { type Family, families } from '../../net/address.js';
import type { NodeAccess } from '../../node/access.js';
import { createLineLimit } from '../../output/line-limit.js';
import type { ServerAddresses } from '../../proxy/configuration/server-addresses.js';
import { version } from '../../version.js';
import { createHealthObserver } from './health-observer.js';
import type { WatchObserver } from './observers.js';

export interface WatchHealthOptions extends ServerAddresses {
  readonly syncPeriodMilliseconds: number;
  readonly nodeName: string;
  /** Throws if an address of a flag cannot be bound, instead of trying again. */
  readonly bindAddressHardFail: boolean;
  readonly onTrouble: (line: string) => void;
  /** Takes the line about a health check node port that cannot be served. */
  readonly onServiceTrouble: (service: ServiceHealth, line: string) => void;
  /** The families that the node serves as far as is known before its first sync. Default: those of the kernel. */
  readonly served?: readonly Family[];
}

export interface WatchHealth {
  readonly observer: Required<WatchObserver>;
  /** Returns access to the same node that records what its tools report. */
  readonly observeTools: (node: NodeAccess) => NodeAccess;
  /** Returns true if no change has waited for twice the sync period. */
  readonly isAlive: () => boolean;
  close(): Promise<void>;
}

/**
 * Serves /healthz and /livez, /metrics, and the health check node ports of Services.
 * @throws KproxyError address-unusable with `bindAddressHardFail`
 */
export async function openWatchHealth(options: WatchHealthOptions): Promise<WatchHealth> {
  const { healthzBindAddress: healthzAddress, metricsBindAddress: metricsAddress } = options;
  const { nodeName, onTrouble, bindAddressHardFail: isHardFail, served = kernelFamilies() } = options;
  const now = () => new Date();
  const health = createSyncHealth({ syncPeriodMilliseconds: options.syncPeriodMilliseconds, now });
  const prometheus = metricsAddress && (await createMetrics({ now, served, version }));
  const metrics = prometheus ?? noMetrics;
  const services = openServiceHealthServer({
    ...serviceTroubles(options),
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
  const observer = createHealthObserver({ health, metrics, services, nodeName, now, served });
  return { observer, observeTools: node => observeTools(node, metrics), isAlive: health.isAlive, close };
}

/** Whoever may write Services can make any number of ports impossible to serve, one after another. */
function serviceTroubles({ onTrouble, onServiceTrouble }: WatchHealthOptions) {
  const log = createLineLimit(onTrouble);
  return {
    onTrouble: () => {},
    onServiceTrouble(service: ServiceHealth, line: string) {
      log(service.namespace, line);
      onServiceTrouble(service, line);
    },
  };
}

const kernelFamilies = (): readonly Family[] => (existsSync('/proc/net/if_inet6') ? families : ['IPv4']);

const allListen = (listeners: readonly Listener[]) => Promise.all(listeners.map(({ ready }) => ready));
