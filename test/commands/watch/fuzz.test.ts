import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { ClusterStore, ObjectChange } from '../../../src/cluster/store.js';
import { openWatchHealth } from '../../../src/commands/watch/health.js';
import { keepNode } from '../../../src/commands/watch/keep-node.js';
import { families } from '../../../src/net/address.js';
import { readNode } from '../../../src/node/read.js';
import { elementsOf } from '../../../src/node/state.js';
import { createLog } from '../../../src/output/log.js';
import { ledgerOf } from '../../../src/proxy/service-claims.js';
import { isVisible } from '../../../src/visible.js';
import { freePort, sendRequest } from '../../health/support/request.js';
import { type FakeNode, fakeNode } from '../../support/fake-node/index.js';
import { type HostileChange, hostileChanges } from '../../support/hostile-objects.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { serviceObject } from '../../support/sample-objects.js';
import { ipvsOf, raw, sliceObject } from '../../sync/support/programmed-node.js';

const objects = Number(process.env.KPROXY_FUZZ_OBJECTS ?? 300);
const seed = Number(process.env.KPROXY_FUZZ_SEED ?? 20_261_201);
const timing = {
  debounceMilliseconds: 0,
  leastPauseMilliseconds: 0,
  periodMilliseconds: 3_600_000,
  drainMilliseconds: 10,
  firstRetryMilliseconds: 10,
  lastRetryMilliseconds: 10,
};
const proxy = { ...tutorialProxy, maxServiceElements: 2_000 };
const base = [serviceObject('base', '10.96.1.1'), sliceObject('base', ['10.244.9.9'])];

/** What one batch may say: twenty lines a namespace, and as much again for what happens. */
const mostLines = 100;
const longestLine = 2_100;

async function startWatch(node: FakeNode) {
  const port = await freePort();
  const health = await openWatchHealth({
    healthzBindAddress: { host: '127.0.0.1', port },
    metricsBindAddress: undefined,
    syncPeriodMilliseconds: timing.periodMilliseconds,
    nodeName: proxy.nodeName,
    bindAddressHardFail: false,
    onTrouble: () => {},
    onServiceTrouble: () => {},
    served: families,
  });
  let lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  const log = createLog({ format: 'text', isVerbose: false, write, now: () => new Date(0) });
  const known: { store?: ClusterStore; onChanges: (changes: readonly ObjectChange[]) => void } = {
    onChanges: () => {},
  };
  const follow: Parameters<typeof keepNode>[0]['follow'] = async (store, onChanges) => {
    Object.assign(known, { store, onChanges });
    store.unread.add('Node');
    for (const object of base) store.put((object as { kind: 'Service' }).kind, raw(object));
    return { close: async () => {} };
  };
  const stop = new AbortController();
  const options = { namespace: undefined, allowEmpty: false, proxy, follow, timing, observers: [health.observer] };
  const ended = keepNode(options, health.observeTools(node), log, stop.signal);
  await vi.waitUntil(() => known.store !== undefined);
  return {
    store: known.store as ClusterStore,
    change: (changes: readonly ObjectChange[]) => known.onChanges(changes),
    /** Returns what was logged since the last call. */
    logged: () => {
      const all = lines;
      lines = [];
      return all;
    },
    healthz: async () => (await sendRequest(port, '/healthz')).code,
    stop: async () => {
      stop.abort();
      await ended;
      await health.close();
    },
  };
}

/** Returns what the valid Services of a cluster need that the node does not have. */
async function missingOn(node: FakeNode, store: ClusterStore): Promise<readonly string[]> {
  const { facts } = await readNode(node, Promise.resolve(new Set(families)));
  const ledger = ledgerOf(store.cluster(), proxy, facts);
  const present = new Set(ipvsOf(node).map(line => line.split(' ').slice(0, 5).join(' ')));
  const flags = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };
  const at = (address: string, port: number) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);
  return [
    ...elementsOf(ledger, 'virtual-server').map(
      ({ protocol, address, port }) => `-A ${flags[protocol]} ${at(address, port)} -s`,
    ),
    ...elementsOf(ledger, 'real-server').map(
      ({ server, address, port }) =>
        `-a ${flags[server.protocol]} ${at(server.address, server.port)} -r ${at(address, port)}`,
    ),
  ].filter(line => !Array.from(present).some(other => other.startsWith(line)));
}

test(`${objects} hostile and valid objects: valid Services are served, and the log is bounded`, async () => {
  const node = fakeNode();
  const watch = await startWatch(node);
  const { store } = watch;
  const batches = fc.sample(hostileChanges, { seed, numRuns: Math.ceil(objects / 8) });
  const everPut = new Set<HostileChange['object']>();
  for (const [index, batch] of batches.entries()) {
    const where = `batch ${index} of seed ${seed}`;
    const changes = batch.flatMap(({ verb, object }) => {
      everPut.add(object);
      return verb === 'put' ? store.put(object.kind, raw(object)) : store.remove(object.kind, raw(object));
    });
    watch.change(changes);
    await vi.waitFor(async () => expect(await missingOn(node, store), where).toEqual([]), {
      timeout: 20_000,
      interval: 5,
    });
    expect(await watch.healthz(), where).toBe(200);
    const lines = watch.logged();
    expect(lines.length, where).toBeLessThan(mostLines);
    for (const line of lines) {
      expect(line.length, where).toBeLessThan(longestLine);
      expect(
        line.split('\n').filter(part => !isVisible(part)),
        where,
      ).toEqual([]);
    }
  }
  watch.change([...everPut].flatMap(object => store.remove(object.kind, raw(object))));
  await vi.waitFor(
    () => expect(ipvsOf(node)).toEqual(['-A -t 10.96.1.1:80 -s rr', '-a -t 10.96.1.1:80 -r 10.244.9.9:8080 -m -w 1']),
    { timeout: 20_000, interval: 20 },
  );
  expect([store.invalid(), store.notes()]).toEqual([[], []]);
  await watch.stop();
}, 600_000);
