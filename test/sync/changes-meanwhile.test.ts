import { afterEach, describe, expect, test, vi } from 'vitest';
import { ClusterStore, type ObjectChange } from '../../src/cluster/store.js';
import { actualState } from '../../src/node/actual-state.js';
import { readNode } from '../../src/node/read.js';
import { Programmer } from '../../src/sync/programmer.js';
import { type FakeNode, fakeNode } from '../support/fake-node/index.js';
import { tutorialProxy } from '../support/run-sync.js';
import { serviceObject } from '../support/sample-objects.js';
import { raw, sliceObject } from './support/programmed-node.js';

type Change = (store: ClusterStore) => readonly ObjectChange[];

const put =
  (...objects: readonly object[]): Change =>
  store =>
    objects.flatMap(object => store.put((object as { kind: 'Service' }).kind, raw(object)));

const all =
  (...changes: readonly Change[]): Change =>
  store =>
    changes.flatMap(change => change(store));

const remove =
  (object: object): Change =>
  store =>
    store.remove((object as { kind: 'Service' }).kind, raw(object));

const nodePort = (port: number) => ({ type: 'NodePort', ports: [{ port: 80, nodePort: port }] });
const [a, b] = [serviceObject('a', '10.96.0.1', nodePort(30_001)), serviceObject('b', '10.96.0.2')];
const first = all(
  put(a, b, serviceObject('c', '10.96.0.3'), serviceObject('d', '10.96.0.4')),
  put(...['a', 'b', 'c', 'd'].map((name, index) => sliceObject(name, [`10.244.1.${index + 1}`]))),
);

/** Everything in one of these happens at once. */
const changes: Readonly<Record<string, Change>> = {
  'a Service is added': put(serviceObject('0', '10.96.0.9'), sliceObject('0', ['10.244.1.9'])),
  'a Service is removed with its endpoints': all(remove(a), remove(sliceObject('a', []))),
  'a Service changes with its endpoints': put(
    serviceObject('d', '10.96.0.4', { ports: [{ port: 8080 }] }),
    sliceObject('d', ['10.244.2.4'], { port: 9090 }),
  ),
  'a node port moves to another Service': put(
    serviceObject('a', '10.96.0.1'),
    serviceObject('b', '10.96.0.2', nodePort(30_001)),
  ),
  'two Services swap their addresses': put(
    serviceObject('a', '10.96.0.2', nodePort(30_001)),
    serviceObject('b', '10.96.0.1'),
  ),
  'two Services swap their endpoints': put(sliceObject('a', ['10.244.1.4']), sliceObject('d', ['10.244.1.1'])),
};

const programmerFor = (store: ClusterStore, node: FakeNode) =>
  new Programmer({ namespace: undefined, allowEmpty: false, store, node, proxy: tutorialProxy });

async function stateOf(node: FakeNode): Promise<readonly unknown[]> {
  return [...actualState((await readNode(node)).findings).state].sort();
}

/** Returns the state of a node that was programmed once, with everything. */
async function freshState(...history: readonly Change[]): Promise<readonly unknown[]> {
  const [store, node] = [new ClusterStore(), fakeNode()];
  await programmerFor(store, node).syncAll(all(...history)(store));
  return stateOf(node);
}

/** Every part of a computation takes so long that a breath is due. */
function slowClock(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1_000;
    return now;
  });
}

afterEach(() => vi.restoreAllMocks());

/** Runs a sync and makes a change at one of its breaths. Returns undefined if the sync ended before. */
async function syncWithChange(
  sync: () => Promise<unknown>,
  turn: number,
  change: () => readonly ObjectChange[],
): Promise<readonly ObjectChange[] | undefined> {
  let made: readonly ObjectChange[] | undefined;
  let left = turn;
  let isOver = false;
  const tick = (): void => {
    if (isOver) return;
    if (left === 0) made = change();
    left -= 1;
    setImmediate(tick);
  };
  setImmediate(tick);
  await sync();
  isOver = true;
  return made;
}

/** Far more breaths than a sync of these Services takes. */
const mostTurns = 200;

/** Makes a change at each breath of a sync, and passes the node before and after the next sync. */
async function atEachBreath(
  change: Change,
  prepare: (programmer: Programmer, store: ClusterStore) => Promise<() => Promise<unknown>>,
  check: (between: readonly unknown[], after: readonly unknown[]) => void,
): Promise<number> {
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const [store, node] = [new ClusterStore(), fakeNode()];
    const programmer = programmerFor(store, node);
    const sync = await prepare(programmer, store);
    slowClock();
    const made = await syncWithChange(sync, turn, () => change(store));
    vi.restoreAllMocks();
    if (made === undefined) return turn;
    const between = await stateOf(node);
    await programmer.syncChanges(made);
    check(between, await stateOf(node));
  }
  throw new Error('the sync did not end');
}

describe.each(Object.entries(changes))('%s while claims are computed', (_, change) => {
  test('a full sync sees all of it or nothing, and the next sync the rest', async () => {
    const [before, after] = [await freshState(first), await freshState(first, change)];
    const prepare = async (programmer: Programmer, store: ClusterStore) => {
      const listed = first(store);
      return () => programmer.syncAll(listed);
    };
    const turns = await atEachBreath(change, prepare, (between, end) => {
      expect([before, after]).toContainEqual(between);
      expect(end).toEqual(after);
    });
    expect(turns).toBeGreaterThanOrEqual(8);
  });

  test('a partial sync of all of its Services sees all of it or nothing, and the next sync the rest', async () => {
    const touch = put(...['a', 'b', 'c', 'd'].map((name, index) => sliceObject(name, [`10.244.3.${index + 1}`])));
    const [before, after] = [await freshState(first, touch), await freshState(first, touch, change)];
    const prepare = async (programmer: Programmer, store: ClusterStore) => {
      await programmer.syncAll(first(store));
      const touched = touch(store);
      return () => programmer.syncChanges(touched);
    };
    const turns = await atEachBreath(change, prepare, (between, end) => {
      expect([before, after]).toContainEqual(between);
      expect(end).toEqual(after);
    });
    expect(turns).toBeGreaterThan(3);
  });
});
