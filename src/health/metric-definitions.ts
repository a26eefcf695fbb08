import type { Registry } from 'prom-client';

const range = (first: number, step: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + step * index);

/** Bounds in seconds from 1 ms to 16 s, each twice the previous one. */
const syncBuckets = range(0, 1, 15).map(power => 2 ** power / 1_000);
/** Bounds in seconds up to 5 minutes, close together for short times. kube-proxy's first bucket is always empty. */
const programmingBuckets = [0, ...range(0.25, 0.25, 2), ...range(1, 1, 59), ...range(60, 5, 12), ...range(120, 30, 7)];

const byFamily = ['ip_family'] as const;
const byTable = ['ip_family', 'table'] as const;
const byPolicy = ['ip_family', 'traffic_policy'] as const;
const byCode = ['code'] as const;

/** kube-proxy puts the stability of a metric before its help text. */
const kubeProxyMetric = (name: string, help: string) => ({ name: `kubeproxy_${name}`, help: `[ALPHA] ${help}` });

type Client = typeof import('prom-client');

/**
 * Registers the metrics of kube-proxy 1.37 that kproxy has too, with kube-proxy's labels. Some exist only in its
 * iptables mode: the durations of full and partial syncs, and the numbers of rules.
 */
export const defineMetrics = (client: Client, registry: Registry) => ({
  ...defineSyncMetrics(client, registry),
  ...defineChangeMetrics(client, registry),
  ...defineStateMetrics(client, registry),
});

function defineSyncMetrics({ Counter, Gauge, Histogram }: Client, registry: Registry) {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets: readonly number[] = syncBuckets) =>
    new Histogram({ ...kubeProxyMetric(name, help), labelNames: byFamily, buckets: [...buckets], registers });
  const counter = (name: string, help: string) =>
    new Counter({ ...kubeProxyMetric(name, help), labelNames: byFamily, registers });
  const gauge = (name: string, help: string) =>
    new Gauge({ ...kubeProxyMetric(name, help), labelNames: byFamily, registers });
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
    restoreFailures: counter(
      'sync_proxy_rules_iptables_restore_failures_total',
      'Cumulative proxy iptables restore failures',
    ),
    conntrackDuration: histogram(
      'conntrack_reconciler_sync_duration_seconds',
      'ReconcileConntrackFlowsLatency latency in seconds',
    ),
    deletedFlows: counter(
      'conntrack_reconciler_deleted_entries_total',
      'Cumulative conntrack flows deleted by conntrack reconciler',
    ),
  };
}

function defineChangeMetrics({ Counter, Gauge }: Client, registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ ...kubeProxyMetric(name, help), registers });
  const gauge = (name: string, help: string) => new Gauge({ ...kubeProxyMetric(name, help), registers });
  const probes = (name: string, help: string) =>
    new Counter({ ...kubeProxyMetric(name, help), labelNames: byCode, registers });
  return {
    endpointChanges: counter('sync_proxy_rules_endpoint_changes_total', 'Cumulative proxy rules Endpoint changes'),
    endpointsPending: gauge('sync_proxy_rules_endpoint_changes_pending', 'Pending proxy rules Endpoint changes'),
    serviceChanges: counter('sync_proxy_rules_service_changes_total', 'Cumulative proxy rules Service changes'),
    servicesPending: gauge('sync_proxy_rules_service_changes_pending', 'Pending proxy rules Service changes'),
    healthz: probes('proxy_healthz_total', 'Cumulative proxy healthz HTTP status'),
    livez: probes('proxy_livez_total', 'Cumulative proxy livez HTTP status'),
  };
}

function defineStateMetrics({ Gauge }: Client, registry: Registry) {
  const registers = [registry];
  const rules = (name: string, help: string) =>
    new Gauge({ ...kubeProxyMetric(name, help), labelNames: byTable, registers });
  return {
    rules: rules('sync_proxy_rules_iptables_total', 'Total number of iptables rules owned by kube-proxy'),
    writtenRules: rules(
      'sync_proxy_rules_iptables_last',
      'Number of iptables rules written by kube-proxy in last sync',
    ),
    withoutLocalEndpoints: new Gauge({
      ...kubeProxyMetric(
        'sync_proxy_rules_no_local_endpoints_total',
        'Number of services with a Local traffic policy and no endpoints',
      ),
      labelNames: byPolicy,
      registers,
    }),
  };
}
