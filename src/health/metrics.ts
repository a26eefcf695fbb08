import type { Registry } from 'prom-client';
import type { ObjectChange } from '../cluster/store.js';
import type { Probe } from './health-server.js';

/** How many of a batch of changes are of Services, and how many of what tells their endpoints. */
export interface ChangeCounts {
  readonly services: number;
  readonly endpoints: number;
}

export interface SyncFigures extends ChangeCounts {
  readonly seconds: number;
  /** The whole node was read and mended. */
  readonly isFull: boolean;
  /** For each change of endpoints, the time from its cause to this sync. */
  readonly programmingSeconds: readonly number[];
}

/** Takes down what happens. */
export interface SyncMetrics {
  /** Changes wait to be programmed. */
  queued(counts: ChangeCounts): void;
  /** A sync has ended well; `services` and `endpoints` count the changes that it has made. */
  synced(figures: SyncFigures): void;
  probed(probe: Probe, code: number): void;
}

export interface ServedMetrics extends SyncMetrics {
  readonly contentType: string;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
}

/** Where nobody reads them. */
export const noMetrics: SyncMetrics = { queued: () => {}, synced: () => {}, probed: () => {} };

export function changeCounts(changes: readonly ObjectChange[]): ChangeCounts {
  const services = changes.filter(({ kind }) => kind === 'Service').length;
  const endpoints = changes.filter(({ kind }) => kind === 'EndpointSlice' || kind === 'Endpoints').length;
  return { services, endpoints };
}

/**
 * Metrics with kube-proxy's names, help texts and buckets, so that its dashboards and alerts go on working. They have no label `ip_family`:
 * one sync programs both families. Loads prom-client, which nothing else needs.
 */
export async function openMetrics({ now }: { readonly now: () => Date }): Promise<ServedMetrics> {
  // A CommonJS module has only this export once it is bundled.
  const { default: client } = await import('prom-client');
  const registry = new client.Registry();
  const metrics = defineMetrics(client, registry);
  await addProcessMetrics(registry);
  const nowSeconds = () => now().getTime() / 1_000;
  return {
    queued: ({ services, endpoints }) => {
      metrics.lastQueued.set(nowSeconds());
      metrics.serviceChanges.inc(services);
      metrics.servicesPending.inc(services);
      metrics.endpointChanges.inc(endpoints);
      metrics.endpointsPending.inc(endpoints);
    },
    synced: ({ seconds, isFull, services, endpoints, programmingSeconds }) => {
      metrics.duration.observe(seconds);
      (isFull ? metrics.fullDuration : metrics.partialDuration).observe(seconds);
      metrics.lastSynced.set(nowSeconds());
      metrics.servicesPending.dec(services);
      metrics.endpointsPending.dec(endpoints);
      for (const latency of programmingSeconds) metrics.programming.observe(latency);
    },
    probed: (probe, code) => metrics[probe].inc({ code: String(code) }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

const range = (first: number, step: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + step * index);

/** 1 ms to 16 s, each twice the one before. */
const syncBuckets = range(0, 1, 15).map(power => 2 ** power / 1_000);
/** Fine where it matters, up to 5 minutes. */
const programmingBuckets = [...range(0.25, 0.25, 2), ...range(1, 1, 59), ...range(60, 5, 12), ...range(120, 30, 7)];

function defineMetrics({ Counter, Gauge, Histogram }: typeof import('prom-client'), registry: Registry) {
  const common = (name: string, help: string) => ({ name: `kubeproxy_${name}`, help, registers: [registry] });
  const counter = (name: string, help: string) => new Counter(common(name, help));
  const byCode = (name: string, help: string) => new Counter({ ...common(name, help), labelNames: ['code'] });
  const gauge = (name: string, help: string) => new Gauge(common(name, help));
  const histogram = (name: string, help: string, buckets: readonly number[] = syncBuckets) =>
    new Histogram({ ...common(name, help), buckets: [...buckets] });
  return {
    duration: histogram('sync_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds'),
    fullDuration: histogram(
      'sync_full_proxy_rules_duration_seconds',
      'SyncProxyRules latency in seconds for full resyncs',
    ),
    partialDuration: histogram(
      'sync_partial_proxy_rules_duration_seconds',
      'SyncProxyRules latency in seconds for partial resyncs',
    ),
    programming: histogram(
      'network_programming_duration_seconds',
      'In Cluster Network Programming Latency in seconds',
      programmingBuckets,
    ),
    lastSynced: gauge('sync_proxy_rules_last_timestamp_seconds', 'The last time proxy rules were successfully synced'),
    lastQueued: gauge(
      'sync_proxy_rules_last_queued_timestamp_seconds',
      'The last time a sync of proxy rules was queued',
    ),
    endpointChanges: counter('sync_proxy_rules_endpoint_changes_total', 'Cumulative proxy rules Endpoint changes'),
    endpointsPending: gauge('sync_proxy_rules_endpoint_changes_pending', 'Pending proxy rules Endpoint changes'),
    serviceChanges: counter('sync_proxy_rules_service_changes_total', 'Cumulative proxy rules Service changes'),
    servicesPending: gauge('sync_proxy_rules_service_changes_pending', 'Pending proxy rules Service changes'),
    healthz: byCode('proxy_healthz_total', 'Cumulative proxy healthz HTTP status'),
    livez: byCode('proxy_livez_total', 'Cumulative proxy livez HTTP status'),
  };
}

/**
 * prom-client's own metrics of the process, but not all that `collectDefaultMetrics` adds: its event loop monitor wakes an idle process a
 * hundred times a second.
 */
async function addProcessMetrics(registry: Registry): Promise<void> {
  const groups = await Promise.all([
    import('prom-client/lib/metrics/processCpuTotal.js'),
    import('prom-client/lib/metrics/processStartTime.js'),
    import('prom-client/lib/metrics/osMemoryHeap.js'),
    import('prom-client/lib/metrics/processOpenFileDescriptors.js'),
    import('prom-client/lib/metrics/processMaxFileDescriptors.js'),
    import('prom-client/lib/metrics/heapSizeAndUsed.js'),
    import('prom-client/lib/metrics/version.js'),
  ]);
  for (const group of groups) group.default(registry);
}
