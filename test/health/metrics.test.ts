import { describe, expect, test } from 'vitest';
import type { ObjectChange } from '../../src/cluster/store.js';
import { changeCounts, createMetrics } from '../../src/health/metrics.js';
import { createClock } from './support/clock.js';

const start = async () => {
  const time = createClock();
  return { time, metrics: await createMetrics(time) };
};

/** Returns the value of a series in the text. */
const valueIn = (text: string, series: string): number => {
  const line = text.split('\n').find(candidate => candidate.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
};

const names = [
  'kubeproxy_sync_proxy_rules_duration_seconds histogram',
  'kubeproxy_sync_full_proxy_rules_duration_seconds histogram',
  'kubeproxy_sync_partial_proxy_rules_duration_seconds histogram',
  'kubeproxy_network_programming_duration_seconds histogram',
  'kubeproxy_sync_proxy_rules_last_timestamp_seconds gauge',
  'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds gauge',
  'kubeproxy_sync_proxy_rules_endpoint_changes_total counter',
  'kubeproxy_sync_proxy_rules_endpoint_changes_pending gauge',
  'kubeproxy_sync_proxy_rules_service_changes_total counter',
  'kubeproxy_sync_proxy_rules_service_changes_pending gauge',
  'kubeproxy_proxy_healthz_total counter',
  'kubeproxy_proxy_livez_total counter',
  'process_cpu_seconds_total counter',
  'process_start_time_seconds gauge',
  'process_resident_memory_bytes gauge',
  'process_open_fds gauge',
  'process_max_fds gauge',
];

describe('metrics', () => {
  test('have the names and types of kube-proxy', async () => {
    const { metrics } = await start();
    const text = await metrics.text();
    for (const name of names) expect(text).toContain(`# TYPE ${name}\n`);
    expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('have the buckets of kube-proxy', async () => {
    const { metrics } = await start();
    metrics.recordSync({ seconds: 0.02, isFull: true, services: 0, endpoints: 0, programmingSeconds: [0.1] });
    const text = await metrics.text();
    const bounds = (name: string) =>
      [...text.matchAll(new RegExp(`^kubeproxy_${name}_bucket\\{le="([^"]+)"\\}`, 'gm'))].map(match => match[1]);
    const doubling = '0.001 0.002 0.004 0.008 0.016 0.032 0.064 0.128 0.256 0.512 1.024 2.048 4.096 8.192 16.384 +Inf';
    expect(bounds('sync_proxy_rules_duration_seconds').join(' ')).toBe(doubling);
    expect(bounds('sync_full_proxy_rules_duration_seconds').join(' ')).toBe(doubling);
    const programming = bounds('network_programming_duration_seconds');
    expect(programming).toHaveLength(81);
    expect(programming.slice(0, 4)).toEqual(['0.25', '0.5', '1', '2']);
    expect(programming.slice(59, 63)).toEqual(['58', '59', '60', '65']);
    expect(programming.slice(-4)).toEqual(['240', '270', '300', '+Inf']);
  });

  test('count changes when they are queued and when they are applied', async () => {
    const { metrics, time } = await start();
    metrics.recordQueued({ services: 2, endpoints: 3 });
    time.pass(1_500);
    metrics.recordQueued({ services: 0, endpoints: 1 });
    const pending = await metrics.text();
    const changes = (text: string) =>
      ['service_changes_total', 'service_changes_pending', 'endpoint_changes_total', 'endpoint_changes_pending'].map(
        name => valueIn(text, `kubeproxy_sync_proxy_rules_${name}`),
      );
    expect(changes(pending)).toEqual([2, 2, 4, 4]);
    expect(valueIn(pending, 'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds')).toBe(1_795_680_001.5);
    metrics.recordSync({ seconds: 0.05, isFull: false, services: 2, endpoints: 3, programmingSeconds: [] });
    expect(changes(await metrics.text())).toEqual([2, 0, 4, 1]);
  });

  test('count full and partial syncs apart', async () => {
    const { metrics, time } = await start();
    time.pass(2_000);
    metrics.recordSync({ seconds: 3, isFull: true, services: 0, endpoints: 0, programmingSeconds: [] });
    metrics.recordSync({ seconds: 0.003, isFull: false, services: 0, endpoints: 0, programmingSeconds: [0.3, 70] });
    const text = await metrics.text();
    const sums = ['sync_proxy_rules', 'sync_full_proxy_rules', 'sync_partial_proxy_rules', 'network_programming'].map(
      name => ['count', 'sum'].map(part => valueIn(text, `kubeproxy_${name}_duration_seconds_${part}`)),
    );
    expect(sums).toEqual([
      [2, 3.003],
      [1, 3],
      [1, 0.003],
      [2, 70.3],
    ]);
    expect(valueIn(text, 'kubeproxy_sync_partial_proxy_rules_duration_seconds_bucket{le="0.002"}')).toBe(0);
    expect(valueIn(text, 'kubeproxy_sync_partial_proxy_rules_duration_seconds_bucket{le="0.004"}')).toBe(1);
    expect(valueIn(text, 'kubeproxy_sync_proxy_rules_last_timestamp_seconds')).toBe(1_795_680_002);
  });

  test('count probes by their code', async () => {
    const { metrics } = await start();
    metrics.recordProbe('healthz', 200);
    metrics.recordProbe('healthz', 503);
    metrics.recordProbe('healthz', 503);
    metrics.recordProbe('livez', 200);
    const text = await metrics.text();
    expect(valueIn(text, 'kubeproxy_proxy_healthz_total{code="200"}')).toBe(1);
    expect(valueIn(text, 'kubeproxy_proxy_healthz_total{code="503"}')).toBe(2);
    expect(valueIn(text, 'kubeproxy_proxy_livez_total{code="200"}')).toBe(1);
  });

  test('of two instances are independent', async () => {
    const [one, other] = [await start(), await start()];
    one.metrics.recordProbe('livez', 200);
    expect(valueIn(await one.metrics.text(), 'kubeproxy_proxy_livez_total{code="200"}')).toBe(1);
    expect(valueIn(await other.metrics.text(), 'kubeproxy_proxy_livez_total{code="200"}')).toBeNaN();
  });
});

test('changes are counted by kind', () => {
  const kinds = ['Service', 'EndpointSlice', 'Endpoints', 'Node', 'Service', 'Pod'] as const;
  const changes: ObjectChange[] = kinds.map(kind => ({ kind, before: undefined, after: undefined }));
  expect(changeCounts(changes)).toEqual({ services: 2, endpoints: 2 });
});
