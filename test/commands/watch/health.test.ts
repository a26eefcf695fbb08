import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClusterStore, ObjectChange } from '../../../src/cluster/store.js';
import { openWatchHealth, type WatchHealth } from '../../../src/commands/watch/health.js';
import { keepNode } from '../../../src/commands/watch/keep-node.js';
import { families } from '../../../src/net/address.js';
import { createLog } from '../../../src/output/log.js';
import { parseExposition } from '../../health/support/exposition.js';
import { freePort, sendRequest } from '../../health/support/request.js';
import { type FakeNode, fakeNode } from '../../support/fake-node/index.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { serviceObject, udpObjects } from '../../support/sample-objects.js';
import { raw, sliceObject } from '../../sync/support/programmed-node.js';

const timing = {
  debounceMilliseconds: 0,
  leastPauseMilliseconds: 0,
  periodMilliseconds: 3_600_000,
  drainMilliseconds: 10,
  firstRetryMilliseconds: 10,
  lastRetryMilliseconds: 10,
};
const log = createLog({ format: 'text', isVerbose: false, write: () => {}, now: () => new Date(0) });

interface Watched {
  put(...objects: readonly object[]): void;
  /** Returns the samples of a metric of kube-proxy as soon as they are as expected, else after a few seconds. */
  expectSamples(name: string, samples: object): Promise<void>;
  probe(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Keeps a fake node with the servers of `sync --watch`. */
async function watch(node: FakeNode, objects: readonly object[]): Promise<Watched> {
  const [healthzPort, metricsPort] = [await freePort(), await freePort()];
  const health: WatchHealth = await openWatchHealth({
    healthzBindAddress: { host: '127.0.0.1', port: healthzPort },
    metricsBindAddress: { host: '127.0.0.1', port: metricsPort },
    syncPeriodMilliseconds: timing.periodMilliseconds,
    nodeName: tutorialProxy.nodeName,
    bindAddressHardFail: false,
    onTrouble: () => {},
    onServiceTrouble: () => {},
    served: families,
  });
  let onChanges: (changes: readonly ObjectChange[]) => void = () => {};
  let store: ClusterStore | undefined;
  const put = (...some: readonly object[]) =>
    onChanges(some.flatMap(object => store?.put((object as { kind: 'Service' }).kind, raw(object)) ?? []));
  const follow: Parameters<typeof keepNode>[0]['follow'] = async (followed, report) => {
    store = followed;
    onChanges = report;
    for (const object of objects) followed.put((object as { kind: 'Service' }).kind, raw(object));
    return { close: async () => {} };
  };
  const stop = new AbortController();
  const options = { namespace: undefined, allowEmpty: false, proxy: tutorialProxy, follow, timing };
  const ended = keepNode({ ...options, observers: [health.observer] }, health.observeTools(node), log, stop.signal);
  return {
    put,
    expectSamples: (name, samples) =>
      vi.waitFor(
        async () => {
          const { body } = await sendRequest(metricsPort, '/metrics');
          expect(parseExposition(body).find(metric => metric.name === `kubeproxy_${name}`)?.samples).toEqual(samples);
        },
        { timeout: 20_000, interval: 20 },
      ),
    probe: async () => JSON.parse((await sendRequest(healthzPort, '/livez')).body),
    stop: async () => {
      stop.abort();
      await ended;
      await health.close();
    },
  };
}

describe('the servers of sync --watch', () => {
  let node: FakeNode;
  let watched: Watched;
  beforeEach(async () => {
    node = fakeNode();
    watched = await watch(node, [serviceObject('web', '10.96.0.1'), sliceObject('web', ['10.244.1.3'])]);
  });
  afterEach(() => watched.stop());

  const counts = (labels: string, count: number) => ({
    [`ip_family="${labels}"_count`]: count,
    [`ip_family="${labels}"_sum`]: expect.any(Number),
  });

  test('record the first sync for both families, and a change for the families that it concerns', async () => {
    await watched.expectSamples('sync_full_proxy_rules_duration_seconds', {
      ...counts('IPv4', 1),
      ...counts('IPv6', 1),
    });
    await watched.expectSamples('sync_proxy_rules_service_changes_total', { '': 2 });
    await watched.expectSamples('sync_proxy_rules_service_changes_pending', { '': 0 });
    watched.put(sliceObject('web', ['10.244.1.4']), serviceObject('other', '10.96.0.2'));
    await watched.expectSamples('sync_partial_proxy_rules_duration_seconds', counts('IPv4', 1));
    await watched.expectSamples('sync_proxy_rules_service_changes_total', { '': 4 });
    await watched.expectSamples('sync_proxy_rules_endpoint_changes_total', { '': 2 });
    await watched.expectSamples('sync_proxy_rules_service_changes_pending', { '': 0 });
  });

  test('record Services whose Local policy finds no endpoint on the node', async () => {
    const spec = { clusterIPs: ['10.96.0.2', 'fd00:96::2'], internalTrafficPolicy: 'Local' };
    watched.put(serviceObject('lonely', '10.96.0.2', spec), sliceObject('lonely', ['10.244.9.9']));
    await watched.expectSamples('sync_proxy_rules_no_local_endpoints_total', {
      'ip_family="IPv4",traffic_policy="internal"': 1,
      'ip_family="IPv4",traffic_policy="external"': 0,
      'ip_family="IPv6",traffic_policy="internal"': 0,
      'ip_family="IPv6",traffic_policy="external"': 0,
    });
  });

  test('record the removal of stale flows', async () => {
    // A full sync would look for stale flows too.
    await vi.waitFor(() => expect(node.kernel.servers.has('TCP 10.96.0.1:80')).toBe(true), { timeout: 20_000 });
    watched.put(...udpObjects('10.96.0.3', ['10.244.1.5', '10.244.1.6']));
    await watched.expectSamples('sync_proxy_rules_service_changes_total', { '': 4 });
    await vi.waitFor(() => expect(node.kernel.servers.has('UDP 10.96.0.3:53')).toBe(true), { timeout: 20_000 });
    watched.put(...udpObjects('10.96.0.3', ['10.244.1.5']));
    await watched.expectSamples('conntrack_reconciler_sync_duration_seconds', counts('IPv4', 1));
    await watched.expectSamples('conntrack_reconciler_deleted_entries_total', { 'ip_family="IPv4"': 0 });
  });

  test('report the state of each family that the node serves', async () => {
    await watched.expectSamples('sync_full_proxy_rules_duration_seconds', {
      ...counts('IPv4', 1),
      ...counts('IPv6', 1),
    });
    const family = { lastUpdated: expect.any(String), healthy: true };
    expect(await watched.probe()).toMatchObject({ healthy: true, status: { IPv4: family, IPv6: family } });
  });
});

test('a node without IPv6 has no series of IPv6 and no state of it', async () => {
  const node = fakeNode();
  for (const scope of ['default', 'kube-ipvs0']) node.kernel.sysctls.set(`net/ipv6/conf/${scope}/disable_ipv6`, '1');
  const watched = await watch(node, [serviceObject('web', '10.96.0.1')]);
  await watched.expectSamples('sync_proxy_rules_last_timestamp_seconds', { 'ip_family="IPv4"': expect.any(Number) });
  await watched.expectSamples('sync_proxy_rules_last_queued_timestamp_seconds', {
    'ip_family="IPv4"': expect.any(Number),
  });
  expect(Object.keys(((await watched.probe()) as { status: object }).status)).toEqual(['IPv4']);
  await watched.stop();
});
