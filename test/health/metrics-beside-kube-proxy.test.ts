import { expect, test } from 'vitest';
import { createMetrics } from '../../src/health/metrics.js';
import { families } from '../../src/net/address.js';
import { type Metric, parseExposition } from './support/exposition.js';
import { type RecordedMetric, readRecord, recordOf } from './support/kube-proxy-record.js';
import { syncFigures } from './support/sync-figures.js';

/** Returns kproxy's metrics after one event of every kind. */
async function metricsAfterEvents(): Promise<readonly Metric[]> {
  const metrics = await createMetrics({ now: () => new Date(), served: families, version: '1.2.3' });
  const counts = { services: 1, endpoints: 1 };
  metrics.recordQueued({ pending: counts, seen: counts, families });
  const rules = families.map(family => ({ family, table: 'nat', rules: 5 }) as const);
  const synced = families.map(family => ({ family, programmingSeconds: [0.1] }));
  for (const isFull of [true, false])
    metrics.recordSync(syncFigures({ isFull, synced, applied: counts, rules, written: rules }));
  metrics.recordProbe('healthz', 200);
  metrics.recordProbe('livez', 200);
  for (const family of families) metrics.onConntrack(0.1, family, 1);
  for (const family of families) metrics.onRestoreFailed(family);
  return parseExposition(await metrics.text());
}

/** The metrics of kube-proxy that kproxy does not have, by the beginning of their names, and why. */
const missing: Readonly<Record<string, string>> = {
  go_: 'kproxy does not run on Go; the metrics of its own runtime begin with nodejs_',
  rest_client_: 'kubectl sends the requests to the API server',
  process_network_: 'it has the bytes of the whole network namespace, which is the node, not the process',
  process_virtual_memory_max_bytes: 'prom-client does not have it, and the limit is usually infinite',
  kubernetes_build_info: 'it is the version of Kubernetes; that of kproxy is kproxy_build_info',
  kubernetes_feature_enabled: 'kproxy has no feature gates',
  registered_metrics_total: 'it counts the metrics of the libraries of Kubernetes',
  hidden_metrics_total: 'kproxy hides no metrics',
  disabled_metrics_total: 'kproxy disables no metrics',
  cardinality_enforcement_: 'kproxy does not limit label values',
  aggregator_: 'it belongs to a library of the API server that kube-proxy contains',
  apiserver_: 'it belongs to a library of the API server that kube-proxy contains',
};

/** The metrics that kube-proxy in ipvs mode does not have, by the beginning of their names, and why. */
const additional: Readonly<Record<string, string>> = {
  kubeproxy_sync_full_proxy_rules_duration_seconds: 'kube-proxy has it in iptables mode, where it has partial syncs',
  kubeproxy_sync_partial_proxy_rules_duration_seconds: 'kube-proxy has it in iptables mode',
  kubeproxy_sync_proxy_rules_iptables_total: 'kube-proxy has it in iptables mode; IPVS needs a few rules too',
  kubeproxy_sync_proxy_rules_iptables_last: 'kube-proxy has it in iptables mode',
  kubeproxy_sync_proxy_rules_iptables_restore_failures_total: 'kube-proxy has it once a restore has failed',
  kproxy_: "kproxy's own",
  nodejs_: "the runtime's own",
  process_cpu_user_seconds_total: 'a part of process_cpu_seconds_total',
  process_cpu_system_seconds_total: 'a part of process_cpu_seconds_total',
  process_heap_bytes: 'prom-client has it too',
};

const beginsWith = (reasons: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(reasons).some(beginning => name.startsWith(beginning));

/** Returns the beginnings that no name has. */
const unused = (reasons: Readonly<Record<string, string>>, names: readonly string[]): readonly string[] =>
  Object.keys(reasons).filter(beginning => !names.some(name => name.startsWith(beginning)));

const { metrics: recorded } = readRecord();
const named = (metrics: readonly RecordedMetric[], names: ReadonlySet<string>) =>
  metrics.filter(({ name }) => names.has(name));

test('a metric that kproxy and kube-proxy both have is the same: type, help, labels and buckets', async () => {
  const own = (await metricsAfterEvents()).map(recordOf);
  const common = new Set(own.map(({ name }) => name).filter(name => recorded.some(metric => metric.name === name)));
  expect(named(own, common)).toEqual(named(recorded, common));
});

test('the metrics that only one of them has are those that are listed', async () => {
  const own = (await metricsAfterEvents()).map(({ name }) => name);
  const real = recorded.map(({ name }) => name);
  const lacking = real.filter(name => !own.includes(name));
  const surplus = own.filter(name => !real.includes(name));
  expect(lacking.filter(name => !beginsWith(missing, name))).toEqual([]);
  expect(surplus.filter(name => !beginsWith(additional, name))).toEqual([]);
  expect(unused(missing, lacking)).toEqual([]);
  expect(unused(additional, surplus)).toEqual([]);
});
