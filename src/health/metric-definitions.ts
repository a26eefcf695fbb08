import type { Registry } from 'prom-client';

const range = (first: number, step: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + step * index);

/** Bounds in seconds from 1 ms to 16 s, each twice the previous one. */
const syncBuckets = range(0, 1, 15).map(power => 2 ** power / 1_000);
/** Bounds in seconds up to 5 minutes, close together for short times. */
const programmingBuckets = [...range(0.25, 0.25, 2), ...range(1, 1, 59), ...range(60, 5, 12), ...range(120, 30, 7)];

/** Registers kube-proxy's metrics that kproxy has too. */
export function defineMetrics({ Counter, Gauge, Histogram }: typeof import('prom-client'), registry: Registry) {
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
    lastSyncTime: gauge(
      'sync_proxy_rules_last_timestamp_seconds',
      'The last time proxy rules were successfully synced',
    ),
    lastQueueTime: gauge(
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
 * Adds prom-client's metrics of the process, without the event loop monitor that `collectDefaultMetrics` adds as well:
 * it wakes an idle process 100 times a second.
 */
export async function addProcessMetrics(registry: Registry): Promise<void> {
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
