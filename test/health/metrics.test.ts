import { describe, expect, test } from 'vitest';
import { createMetrics, type PrometheusMetrics } from '../../src/health/metrics.js';
import { type Family, families } from '../../src/net/address.js';
import { createClock } from './support/clock.js';
import { parseExposition } from './support/exposition.js';
import { syncFigures } from './support/sync-figures.js';

const start = async (served: readonly Family[] = families) => {
  const time = createClock();
  return { time, metrics: await createMetrics({ now: time.now, served, version: '1.2.3' }) };
};

/** Returns the samples of a metric of kube-proxy. */
const samplesOf = async (metrics: PrometheusMetrics, name: string) =>
  parseExposition(await metrics.text()).find(metric => metric.name === `kubeproxy_${name}`)?.samples;

const began = 1_795_680_000;
const ipv4 = 'ip_family="IPv4"';
const ipv6 = 'ip_family="IPv6"';

describe('metrics', () => {
  test('have the content type of kube-proxy, and name the version', async () => {
    const { metrics } = await start();
    expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
    expect(await metrics.text()).toContain('\nkproxy_build_info{version="1.2.3"} 1\n');
  });

  test('count changes when they are queued and when they are applied', async () => {
    const { metrics } = await start();
    const changes = () =>
      Promise.all(
        ['service_changes_total', 'service_changes_pending', 'endpoint_changes_total', 'endpoint_changes_pending'].map(
          async name => (await samplesOf(metrics, `sync_proxy_rules_${name}`))?.[''],
        ),
      );
    metrics.recordQueued({
      pending: { services: 2, endpoints: 3 },
      seen: { services: 4, endpoints: 3 },
      families,
    });
    metrics.recordQueued({ pending: { services: 0, endpoints: 1 }, seen: { services: 0, endpoints: 1 }, families });
    expect(await changes()).toEqual([4, 2, 4, 4]);
    metrics.recordSync(syncFigures({ applied: { services: 2, endpoints: 3 } }));
    expect(await changes()).toEqual([4, 0, 4, 1]);
  });

  test('have the time of the last change of each family, and at first the time of the start', async () => {
    const { metrics, time } = await start();
    const name = 'sync_proxy_rules_last_queued_timestamp_seconds';
    expect(await samplesOf(metrics, name)).toEqual({ [ipv4]: began, [ipv6]: began });
    time.pass(1_500);
    const none = { services: 0, endpoints: 0 };
    metrics.recordQueued({ pending: none, seen: none, families: ['IPv6'] });
    expect(await samplesOf(metrics, name)).toEqual({ [ipv4]: began, [ipv6]: began + 1.5 });
  });

  test('count full and partial syncs apart, for the families that they are about', async () => {
    const { metrics, time } = await start();
    metrics.recordSync(syncFigures({ seconds: 3 }));
    time.pass(2_000);
    const synced = [{ family: 'IPv6', programmingSeconds: [0.3, 70] }] as const;
    metrics.recordSync(syncFigures({ seconds: 0.003, isFull: false, synced }));
    const durations = ['sync_proxy_rules', 'sync_full_proxy_rules', 'sync_partial_proxy_rules', 'network_programming'];
    const sums = await Promise.all(durations.map(name => samplesOf(metrics, `${name}_duration_seconds`)));
    const of = (labels: string, sum: number, count: number) => ({ [`${labels}_sum`]: sum, [`${labels}_count`]: count });
    expect(sums).toEqual([
      { ...of(ipv4, 3, 1), ...of(ipv6, 3.003, 2) },
      { ...of(ipv4, 3, 1), ...of(ipv6, 3, 1) },
      of(ipv6, 0.003, 1),
      of(ipv6, 70.3, 2),
    ]);
    const times = await samplesOf(metrics, 'sync_proxy_rules_last_timestamp_seconds');
    expect(times).toEqual({ [ipv4]: began, [ipv6]: began + 2 });
  });

  test('count probes by their code', async () => {
    const { metrics } = await start();
    metrics.recordProbe('healthz', 200);
    metrics.recordProbe('healthz', 503);
    metrics.recordProbe('healthz', 503);
    metrics.recordProbe('livez', 200);
    expect(await samplesOf(metrics, 'proxy_healthz_total')).toEqual({ 'code="200"': 1, 'code="503"': 2 });
    expect(await samplesOf(metrics, 'proxy_livez_total')).toEqual({ 'code="200"': 1 });
  });

  test('count deleted flows and failed restores by family', async () => {
    const { metrics } = await start();
    metrics.onConntrack(0.25, 'IPv4', 3);
    metrics.onConntrack(0.5, 'IPv4', 0);
    metrics.onRestoreFailed('IPv6');
    expect(await samplesOf(metrics, 'conntrack_reconciler_deleted_entries_total')).toEqual({ [ipv4]: 3 });
    expect(await samplesOf(metrics, 'conntrack_reconciler_sync_duration_seconds')).toEqual({
      [`${ipv4}_sum`]: 0.75,
      [`${ipv4}_count`]: 2,
    });
    expect(await samplesOf(metrics, 'sync_proxy_rules_iptables_restore_failures_total')).toEqual({ [ipv6]: 1 });
  });

  test('count Services without local endpoints only if the metrics are read, and once for each sync', async () => {
    const { metrics } = await start(['IPv4']);
    let counted = 0;
    const countWithoutLocal = () => {
      counted += 1;
      return { IPv4: { internal: 1, external: counted }, IPv6: { internal: 0, external: 0 } };
    };
    const samples = () => samplesOf(metrics, 'sync_proxy_rules_no_local_endpoints_total');
    metrics.recordSync(syncFigures({ served: ['IPv4'], countWithoutLocal }));
    metrics.recordSync(syncFigures({ served: ['IPv4'], countWithoutLocal }));
    expect(counted).toBe(0);
    for (const external of [1, 1])
      expect(await samples()).toEqual({
        [`${ipv4},traffic_policy="internal"`]: 1,
        [`${ipv4},traffic_policy="external"`]: external,
      });
    metrics.recordSync(syncFigures({ served: ['IPv4'], countWithoutLocal }));
    expect(await samples()).toMatchObject({ [`${ipv4},traffic_policy="external"`]: 2 });
  });

  test('lose the series of a family that the node does not serve any more', async () => {
    const { metrics } = await start();
    const rules = families.map(family => ({ family, table: 'nat', rules: 5 }) as const);
    metrics.recordSync(syncFigures({ rules, written: rules }));
    const gauges = async () =>
      parseExposition(await metrics.text())
        .filter(({ name, type }) => type === 'gauge' && name.startsWith('kubeproxy'))
        .flatMap(({ samples }) => Object.keys(samples))
        .filter(labels => labels.includes('IPv6'));
    expect(await gauges()).toHaveLength(6);
    metrics.recordSync(syncFigures({ rules, written: rules, served: ['IPv4'] }));
    expect(await gauges()).toEqual([]);
  });

  test('of two instances are independent', async () => {
    const [one, other] = [await start(), await start()];
    one.metrics.recordProbe('livez', 200);
    expect(await samplesOf(one.metrics, 'proxy_livez_total')).toEqual({ 'code="200"': 1 });
    expect(await samplesOf(other.metrics, 'proxy_livez_total')).toEqual({});
  });
});
