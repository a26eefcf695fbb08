import { existsSync } from 'node:fs';
import type { ClusterStore, ObjectChange } from '../../cluster/store.js';
import { type ChangeCounts, changeCounts, proxierCounts, servedAndConcerned } from '../../health/change-counts.js';
import { concernedFamilies } from '../../health/changed-families.js';
import { startHealthServer } from '../../health/health-server.js';
import type { Listener } from '../../health/listen.js';
import { createMetrics, noMetrics, type SyncMetrics } from '../../health/metrics.js';
import { startMetricsServer } from '../../health/metrics-server.js';
import { observeTools } from '../../health/observe-tools.js';
import { programmingSeconds } from '../../health/programming-time.js';
import { ruleCounts, writtenRules } from '../../health/rule-counts.js';
import { type ServiceHealth, serviceHealthPorts } from '../../health/service-health.js';
import { openServiceHealthServer, type ServiceHealthServer } from '../../health/service-health-server.js';
import { createSyncHealth, type SyncHealth } from '../../health/sync-health.js';
import { countWithoutLocalEndpoints } from '../../health/without-local-endpoints.js';
import { type Family, families } from '../../net/address.js';
import type { NodeAccess } from '../../node/access.js';
import type { ServerAddresses } from '../../proxy/configuration/server-addresses.js';
import type { LoopReport } from '../../sync/loop.js';
import type { Synced } from '../../sync/programmer.js';
import { sourcesIn } from '../../sync/touched.js';
import { version } from '../../version.js';
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
  const { nodeName, onTrouble, onServiceTrouble, bindAddressHardFail: isHardFail, served = kernelFamilies() } = options;
  const now = () => new Date();
  const health = createSyncHealth({ syncPeriodMilliseconds: options.syncPeriodMilliseconds, now });
  const prometheus = metricsAddress && (await createMetrics({ now, served, version }));
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
  const observer = createObserver({ health, metrics, services, nodeName, now, served });
  return { observer, observeTools: node => observeTools(node, metrics), isAlive: health.isAlive, close };
}

const kernelFamilies = (): readonly Family[] => (existsSync('/proc/net/if_inet6') ? families : ['IPv4']);

const allListen = (listeners: readonly Listener[]) => Promise.all(listeners.map(({ ready }) => ready));

const none: ChangeCounts = { services: 0, endpoints: 0 };

interface ObserverOptions {
  readonly health: SyncHealth;
  readonly metrics: SyncMetrics;
  readonly services: ServiceHealthServer;
  readonly nodeName: string;
  readonly now: () => Date;
  /** The families that the node serves as far as is known at the start. */
  readonly served: readonly Family[];
}

function createObserver(options: ObserverOptions): Required<WatchObserver> {
  const { health, metrics, services, nodeName } = options;
  const since = options.now();
  let { served } = options;
  /** The number of listed objects as long as no sync has applied them. Undefined before they are there. */
  let listed: ChangeCounts | undefined;
  const recordQueued = (changes: readonly ObjectChange[]) =>
    metrics.recordQueued({
      pending: changeCounts(changes),
      seen: proxierCounts(changes, served),
      families: servedAndConcerned(changes, served),
    });
  return {
    onObjects: store => {
      health.setNode([...store.objects('Node').values()].find(({ metadata }) => metadata.name === nodeName));
      if (listed !== undefined) return;
      // kube-proxy counts each listed object as an added one.
      const additions = additionsOf(store);
      listed = changeCounts(additions);
      recordQueued(additions);
    },
    onQueued: changes => {
      health.recordQueued();
      recordQueued(changes);
    },
    onSynced: (report, store) => {
      ({ served } = report.result);
      health.recordSync(served);
      recordSync(options, report, store, { since, listed: listed ?? none });
      listed = none;
      // Opening and closing ports must not delay the next sync.
      void services.update(serviceHealthPorts(store.objects('Service').values(), sourcesIn(store), nodeName));
    },
    onFailed: health.recordQueued,
  };
}

/** Returns the Services and their endpoints as additions. */
const additionsOf = (store: ClusterStore): readonly ObjectChange[] =>
  (['Service', 'EndpointSlice', 'Endpoints'] as const).flatMap(kind =>
    [...store.objects(kind).values()].map(after => ({ kind, before: undefined, after }) as ObjectChange),
  );

function recordSync(
  { metrics, nodeName, now }: ObserverOptions,
  { changes, isWhole, milliseconds, result }: LoopReport<Synced>,
  store: ClusterStore,
  { since, listed }: { readonly since: Date; readonly listed: ChangeCounts },
): void {
  const { desired, plan, served } = result;
  const changed = changeCounts(changes);
  const concerned = isWhole ? served : servedAndConcerned(changes, served);
  metrics.recordSync({
    seconds: milliseconds / 1_000,
    isFull: isWhole,
    applied: { services: changed.services + listed.services, endpoints: changed.endpoints + listed.endpoints },
    served,
    synced: concerned.map(family => ({
      family,
      programmingSeconds: programmingSeconds(
        changes.filter(change => concernedFamilies(change).has(family)),
        { since, now: now() },
      ),
    })),
    rules: ruleCounts(desired.state),
    written: writtenRules(plan),
    countWithoutLocal: () => countWithoutLocalEndpoints(store.objects('Service').values(), sourcesIn(store), nodeName),
  });
}
