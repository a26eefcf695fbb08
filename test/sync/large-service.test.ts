import { describe, expect, test } from 'vitest';
import { ClusterStore } from '../../src/cluster/store.js';
import { emptyNode } from '../../src/node/actual-state.js';
import { ledgerOf } from '../../src/proxy/service-claims.js';
import { wholeCoverage } from '../../src/sync/coverage.js';
import { Programmer } from '../../src/sync/programmer.js';
import { reconcile, reconcileInParts } from '../../src/sync/reconcile.js';
import { fakeNode } from '../support/fake-node/index.js';
import { parityFacts } from '../support/parity-case.js';
import { tutorialProxy } from '../support/run-sync.js';
import { serviceObject } from '../support/sample-objects.js';
import { raw, sliceObject } from './support/programmed-node.js';

const web = serviceObject('web', '10.96.0.1');
const other = serviceObject('other', '10.96.0.2');
const ports = Array.from({ length: 100 }, (_, index) => ({ name: `p${index}`, port: 1_000 + index }));
const externalIPs = Array.from({ length: 60 }, (_, index) => `198.51.100.${index + 1}`);
/** It has 6,000 virtual servers at external IPs. */
const large = serviceObject('large', '10.96.0.9', { ports, externalIPs });

function start(isWaiting: () => boolean) {
  const store = new ClusterStore();
  const node = fakeNode();
  const options = { namespace: undefined, allowEmpty: false, store, node, proxy: tutorialProxy, isWaiting };
  const programmer = new Programmer(options);
  const put = (...objects: readonly object[]) =>
    objects.flatMap(object => store.put((object as { kind: 'Service' }).kind, raw(object)));
  const served = () => {
    const all = [...node.kernel.servers.keys()];
    return { all: all.length, web: all.includes('TCP 10.96.0.1:80'), other: all.includes('TCP 10.96.0.2:80') };
  };
  return { store, node, programmer, put, served };
}

describe('a large Service', () => {
  test('is programmed after the others, in several steps, if nothing waits', async () => {
    const { node, programmer, put, served } = start(() => false);
    await programmer.syncAll(put(large, web, sliceObject('web', ['10.244.1.3'])));
    expect(served()).toEqual({ all: 6_101, web: true, other: false });
    const batches = node.changing.filter(({ argv }) => argv.join(' ') === 'ipvsadm --restore');
    expect(batches.length).toBeGreaterThan(2);
    expect(batches[0]?.input).toContain('10.96.0.1:80');
    expect(batches[0]?.input).not.toContain('198.51.100.');
    expect((await programmer.syncAll()).plan).toEqual([]);
  });

  test('gives others their turn in between, and is complete as soon as nothing waits', async () => {
    let isWaiting = true;
    const { programmer, put, served } = start(() => isWaiting);
    await programmer.syncAll(put(large, web));
    expect(served().web).toBe(true);
    expect(served().all).toBeLessThan(6_000);
    const before = served().all;
    await programmer.syncChanges(put(other));
    expect(served()).toMatchObject({ web: true, other: true });
    isWaiting = false;
    await programmer.syncChanges([]);
    expect(served().all).toBe(6_102);
    expect(before).toBeLessThan(6_102);
    expect((await programmer.syncAll()).plan).toEqual([]);
  });

  test('is removed after what others need', async () => {
    let isWaiting = false;
    const { programmer, put, served, store } = start(() => isWaiting);
    await programmer.syncAll(put(large, web));
    isWaiting = true;
    await programmer.syncChanges([...store.remove('Service', raw(large)), ...put(other)]);
    expect(served().other).toBe(true);
    expect(served().all).toBeGreaterThan(2);
    isWaiting = false;
    await programmer.syncChanges([]);
    expect(served()).toEqual({ all: 2, web: true, other: true });
    expect((await programmer.syncAll()).plan).toEqual([]);
  });
});

describe('a large amount of work', () => {
  test('is planned in parts of few elements', () => {
    const { store, put } = start(() => false);
    put(large, web);
    const ledger = ledgerOf(store.cluster(), tutorialProxy, parityFacts);
    const input = { ledger, actual: emptyNode, coverage: wholeCoverage, options: tutorialProxy, facts: parityFacts };
    const planning = reconcileInParts(input);
    let parts = 1;
    while (planning.next().done !== true) parts += 1;
    // It compares, sorts and divides them.
    expect(parts).toBeGreaterThan((3 * reconcile(input).plan.length) / 1_000 - 3);
  });

  test('is followed by few collections of garbage, however many parts it has', async () => {
    const worked: number[] = [];
    const { store, node, put } = start(() => false);
    const options = { namespace: undefined, allowEmpty: false, store, node, proxy: tutorialProxy };
    const programmer = new Programmer({ ...options, onWorked: size => void worked.push(size) });
    await programmer.syncAll(put(large, web));
    expect(node.changing.filter(({ argv }) => argv.join(' ') === 'ipvsadm --restore').length).toBeGreaterThan(2);
    expect(worked.length).toBeLessThanOrEqual(2);
  });
});

test('a large Service that comes back while it is removed has all of its endpoints', async () => {
  let isWaiting = false;
  const { programmer, put, store, node } = start(() => isWaiting);
  const realServers = () => [...node.kernel.servers.values()].reduce((sum, server) => sum + server.realServers.size, 0);
  const slice = { ...sliceObject('large', ['10.244.1.9']), ports: ports.map(({ name }) => ({ name, port: 9090 })) };
  await programmer.syncAll(put(large, web, slice));
  expect(realServers()).toBe(6_100);
  isWaiting = true;
  await programmer.syncChanges(store.remove('Service', raw(large)));
  isWaiting = false;
  await programmer.syncChanges([]);
  expect(realServers()).toBe(0);
  await programmer.syncChanges(put(large));
  expect(realServers()).toBe(6_100);
});
