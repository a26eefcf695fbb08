import { afterEach, describe, expect, test } from 'vitest';
import { ClusterStore } from '../../../src/cluster/store.js';
import { openWatchHealth, type WatchHealth, type WatchHealthOptions } from '../../../src/commands/watch/health.js';
import type { LoopReport } from '../../../src/sync/loop.js';
import type { Synced } from '../../../src/sync/programmer.js';
import { freePort, holdPort, isRefused } from '../../health/support/request.js';
import { serviceObject } from '../../support/sample-objects.js';
import { raw } from '../../sync/support/programmed-node.js';

const open: WatchHealth[] = [];
afterEach(async () => {
  for (const health of open.splice(0)) await health.close();
});

const base: WatchHealthOptions = {
  healthzBindAddress: undefined,
  metricsBindAddress: undefined,
  syncPeriodMilliseconds: 30_000,
  nodeName: 'worker-1',
  bindAddressHardFail: false,
  onTrouble: () => {},
  onServiceTrouble: () => {},
};

async function start(options: Partial<WatchHealthOptions>): Promise<WatchHealth> {
  const health = await openWatchHealth({ ...base, ...options });
  open.push(health);
  return health;
}

describe('an address that another program has', () => {
  test.each(['healthzBindAddress', 'metricsBindAddress'] as const)(
    'ends the program with bindAddressHardFail (%s), and no server stays',
    async name => {
      const other = name === 'healthzBindAddress' ? 'metricsBindAddress' : 'healthzBindAddress';
      const [occupied, free] = [await holdPort(), await freePort()];
      const addresses = {
        [name]: { host: '127.0.0.1', port: occupied.port },
        [other]: { host: '127.0.0.1', port: free },
      };
      await expect(start({ ...addresses, bindAddressHardFail: true })).rejects.toMatchObject({
        code: 'address-unusable',
        message: expect.stringContaining(`127.0.0.1:${occupied.port}: another program has the port`),
      });
      expect(await isRefused(free)).toBe(true);
      await occupied.release();
    },
  );

  test('is a line without bindAddressHardFail', async () => {
    const occupied = await holdPort();
    const line = new Promise<string>(resolve => {
      void start({ healthzBindAddress: { host: '127.0.0.1', port: occupied.port }, onTrouble: resolve });
    });
    expect(await line).toMatch(/another program has the port .*; trying again every 5 s$/);
    await occupied.release();
  });
});

test('a health check node port of another program is reported with its Service, and ends nothing', async () => {
  const occupied = await holdPort();
  const store = new ClusterStore();
  const spec = {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: occupied.port,
  };
  const seen = new Promise<string>(resolve => {
    void start({
      bindAddressHardFail: true,
      onServiceTrouble: ({ namespace, name }, line) => resolve(`${namespace}/${name}: ${line}`),
    }).then(({ observer }) => {
      store.put('Service', raw(serviceObject('web', '10.96.0.1', spec)));
      const result = { desired: { state: new Map() }, plan: [], served: ['IPv4'] } as unknown as Synced;
      const report: LoopReport<Synced> = { changes: [], isWhole: true, milliseconds: 1, result };
      observer.onSynced(report, store);
    });
  });
  expect(await seen).toMatch(/^default\/web: the health check of default\/web cannot be served on .*another program/);
  await occupied.release();
});
