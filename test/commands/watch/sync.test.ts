import { describe, expect, test, vi } from 'vitest';
import type { ClusterStore, ObjectChange } from '../../../src/cluster/store.js';
import { keepNode, type WatchOptions } from '../../../src/commands/watch/keep-node.js';
import { KproxyError } from '../../../src/errors.js';
import { createLog } from '../../../src/output/log.js';
import { defaultTiming } from '../../../src/sync/loop.js';
import { type FakeNode, fakeNode, runCommand } from '../../support/fake-node/index.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { serviceObject } from '../../support/sample-objects.js';
import { ipvsOf, raw, sliceObject } from '../../sync/support/kept-node.js';

const web = serviceObject('web', '10.96.0.1');
const slice = sliceObject('web', ['10.244.1.3']);
const otherSlice = sliceObject('web', ['10.244.1.4']);

/** Nothing comes by itself within a test, and what does is quick. */
const timing = {
  ...defaultTiming,
  debounceMilliseconds: 1,
  periodMilliseconds: 3_600_000,
  drainMilliseconds: 1,
  firstRetryMilliseconds: 1,
};

interface Setting extends Partial<Pick<WatchOptions, 'namespace' | 'allowEmpty'>> {
  readonly node?: FakeNode;
  readonly isVerbose?: boolean;
  readonly period?: number;
  readonly followFails?: KproxyError;
}

/** `sync --watch` of a cluster with these objects, until it is told to stop. */
function watching(objects: readonly object[], setting: Setting = {}) {
  const node = setting.node ?? fakeNode();
  const lines: string[] = [];
  const seen = { objects: 0, queued: [] as string[], synced: [] as boolean[], failed: 0 };
  const feed = { isClosed: false };
  let known:
    | { readonly store: ClusterStore; readonly onChanges: (changes: readonly ObjectChange[]) => void }
    | undefined;
  let trouble = (_line: string) => {};
  const options: WatchOptions = {
    namespace: setting.namespace,
    allowEmpty: setting.allowEmpty ?? false,
    proxy: tutorialProxy,
    timing: { ...timing, periodMilliseconds: setting.period ?? timing.periodMilliseconds },
    follow: async (store, onChanges, onTrouble) => {
      if (setting.followFails !== undefined) throw setting.followFails;
      for (const object of objects) store.put((object as { kind: 'Service' }).kind, raw(object));
      known = { store, onChanges };
      trouble = onTrouble;
      return {
        close: async () => {
          feed.isClosed = true;
        },
      };
    },
    observer: {
      onObjects: () => {
        seen.objects += 1;
      },
      onQueued: changes => seen.queued.push(...changes.map(({ kind }) => kind)),
      onSynced: ({ isWhole }) => seen.synced.push(isWhole),
      onFailed: () => {
        seen.failed += 1;
      },
    },
  };
  const log = createLog({
    format: 'text',
    isVerbose: setting.isVerbose ?? false,
    write: text => lines.push(text.trimEnd().replace(/\d+ ms/, 'N ms')),
    now: () => new Date(0),
  });
  const stop = new AbortController();
  const outcome = keepNode(options, node, log, stop.signal);
  const put = (...changed: readonly object[]): void =>
    known?.onChanges(
      changed.flatMap(object => known?.store.put((object as { kind: 'Service' }).kind, raw(object)) ?? []),
    );
  return {
    node,
    seen,
    feed,
    put,
    outcome,
    remove: (object: object) => known?.onChanges(known.store.remove((object as { kind: 'Service' }).kind, raw(object))),
    trouble: (line: string) => trouble(line),
    lines: () => lines.map(line => line.replace('1970-01-01T00:00:00.000Z ', '')),
    untilSynced: (count: number) => vi.waitUntil(() => seen.synced.length >= count, { interval: 1, timeout: 20_000 }),
    untilFailed: (count: number) => vi.waitUntil(() => seen.failed >= count, { interval: 1, timeout: 20_000 }),
    stop: () => {
      stop.abort();
      return outcome;
    },
  };
}

describe('what it does', () => {
  test('programs the node, then follows; told to stop, it ends with 0 and leaves the node programmed', async () => {
    const watch = watching([web, slice]);
    await watch.untilSynced(1);
    watch.put(otherSlice);
    await watch.untilSynced(2);
    expect(await watch.stop()).toEqual({ exitCode: 0 });
    expect(watch.feed.isClosed).toBe(true);
    expect(ipvsOf(watch.node)).toEqual(['-A -t 10.96.0.1:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1']);
  });

  test('a line a sync that says what has changed, and nothing when nothing has', async () => {
    const watch = watching([web, slice], { period: 20 });
    await watch.untilSynced(1);
    watch.put(otherSlice);
    await watch.untilSynced(2);
    watch.put(web, otherSlice);
    await watch.untilSynced(5);
    await watch.stop();
    // The change may have been made by a sync of the whole node, which is due all the time here.
    expect(watch.lines().map(line => line.replace(/^(the whole node|default\/web): /, ''))).toEqual([
      'following the cluster for node inajob (Services: 1)',
      '22 added, 1 changed, 0 removed in N ms',
      '1 added, 0 changed, 1 removed in N ms',
      'stopped; the node stays programmed',
    ]);
  });

  test('with -v each change, and what was found in order', async () => {
    const watch = watching([web, slice], { isVerbose: true });
    await watch.untilSynced(1);
    watch.put(otherSlice);
    await watch.untilSynced(2);
    watch.put({ ...web, metadata: { name: 'web', namespace: 'default', labels: { a: 'b' } } });
    await watch.untilSynced(3);
    await watch.stop();
    expect(watch.lines().slice(-5)).toEqual([
      'default/web: 1 added, 0 changed, 1 removed in N ms',
      'add: real server 10.244.1.4:8080 of TCP 10.96.0.1:80, weight 1',
      'remove: real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1',
      'default/web: in sync, nothing changed (N ms)',
      'stopped; the node stays programmed',
    ]);
  });

  test('mends drift after each period', async () => {
    const watch = watching([web, slice], { period: 5 });
    await watch.untilSynced(1);
    runCommand(watch.node.kernel, { argv: ['ipvsadm', '-D', '-t', '10.96.0.1:80'] });
    await vi.waitUntil(() => ipvsOf(watch.node).length === 2, { interval: 1, timeout: 20_000 });
    await watch.stop();
    expect(watch.lines()).toContain('the whole node: 2 added, 0 changed, 0 removed in N ms');
  });

  test('tells who wants to know', async () => {
    const watch = watching([web, slice]);
    await watch.untilSynced(1);
    watch.put(otherSlice);
    await watch.untilSynced(2);
    await watch.stop();
    expect(watch.seen).toEqual({ objects: 2, queued: ['EndpointSlice'], synced: [true, false], failed: 0 });
  });

  test('takes no notice of other nodes, and of this one’s health', async () => {
    const nodeObject = (name: string, metadata: object = {}) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, ...metadata },
      status: { addresses: [{ type: 'InternalIP', address: '10.10.0.11' }] },
    });
    const watch = watching([web, slice, nodeObject('inajob')]);
    await watch.untilSynced(1);
    watch.put(nodeObject('yuanying'));
    watch.put(nodeObject('inajob', { annotations: { heartbeat: '2' } }));
    watch.put(otherSlice);
    await watch.untilSynced(2);
    await watch.stop();
    expect(watch.seen.queued).toEqual(['EndpointSlice']);
  });
});

describe('what goes wrong', () => {
  test('a sync that fails is told with what comes next, tried again, and over when it goes well', async () => {
    const node = fakeNode();
    const watch = watching([web, slice], { node });
    await watch.untilSynced(1);
    node.broken.set('ipvsadm --restore', { stdout: '', stderr: 'no such luck\n', exitCode: 1 });
    watch.put(otherSlice);
    await watch.untilFailed(1);
    node.broken.clear();
    await watch.untilSynced(2);
    await watch.stop();
    const failure = watch.lines().findIndex(line => line.startsWith('error: '));
    expect(watch.lines()[failure]?.replaceAll('1970-01-01T00:00:00.000Z ', '').split('\n')).toEqual([
      'error: `ipvsadm --restore` failed; 0 commands of 1 had been run',
    ]);
    expect(watch.lines().join('\n')).toContain('error: no such luck');
    expect(watch.lines().join('\n')).toContain('error: trying again in 0.001 s');
    expect(watch.lines().at(-2)).toBe('the whole node: 1 added, 0 changed, 1 removed in N ms');
    expect(watch.seen.synced).toEqual([true, true]);
  });

  test('an invalid object is told once, also one that was there from the start', async () => {
    const bad = serviceObject('bad', '10.96.0.300');
    const line = 'warning: test: Service default/bad: spec.clusterIP: is not an IP address: "10.96.0.300"';
    const watch = watching([web, slice, bad]);
    await watch.untilSynced(1);
    watch.put(bad);
    watch.put(serviceObject('worse', 'x'));
    watch.put(otherSlice);
    await watch.untilSynced(2);
    await watch.stop();
    expect(watch.lines().filter(text => text === line)).toHaveLength(1);
    expect(watch.lines().filter(text => text.includes('default/worse'))).toHaveLength(1);
  });

  test('two Services that want one virtual server are told once, whenever that comes about', async () => {
    const dated = (name: string, day: number) => ({
      ...serviceObject(name, '10.96.0.1'),
      metadata: { name, namespace: 'default', creationTimestamp: `2026-01-0${day}T00:00:00Z` },
    });
    const watch = watching([dated('web', 1), slice], { period: 5 });
    await watch.untilSynced(1);
    watch.put(dated('late', 2));
    await watch.untilSynced(4);
    await watch.stop();
    expect(watch.lines().filter(text => text.startsWith('warning: '))).toEqual([
      'warning: default/late: TCP 10.96.0.1:80 belongs to default/web, which is older; left to it',
    ]);
  });

  test('trouble with the cluster is told, and the node is left as it is', async () => {
    const watch = watching([web, slice]);
    await watch.untilSynced(1);
    watch.trouble('the API server is away');
    await watch.stop();
    expect(watch.lines()).toContain('warning: the API server is away');
    expect(ipvsOf(watch.node)).toHaveLength(2);
  });

  test('an empty list of Services changes nothing and is told, until there are some again', async () => {
    const watch = watching([web, slice]);
    await watch.untilSynced(1);
    watch.remove(web);
    await watch.untilFailed(2);
    expect(ipvsOf(watch.node)).toHaveLength(2);
    watch.put(web);
    await watch.untilSynced(2);
    await watch.stop();
    expect(ipvsOf(watch.node)).toHaveLength(2);
    expect(watch.lines().join('\n')).toContain('error: no Service was read, but this node has 1 virtual server');
  });

  test('the cluster cannot be reached at all: that is how it ends', async () => {
    const error = new KproxyError({ message: 'no kubectl', exitCode: 3 });
    const watch = watching([], { followFails: error });
    await expect(watch.outcome).rejects.toBe(error);
    expect(watch.node.commands).toEqual([]);
  });
});
