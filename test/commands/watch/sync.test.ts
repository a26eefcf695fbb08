import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClusterStore, ObjectChange } from '../../../src/cluster/store.js';
import { keepNode, type WatchOptions } from '../../../src/commands/watch/keep-node.js';
import { KproxyError } from '../../../src/errors.js';
import { createLog } from '../../../src/output/log.js';
import type { ProxyOptions } from '../../../src/proxy/options.js';
import { toolHangs } from '../../../src/run/tool-errors.js';
import { type FakeNode, fakeNode, runCommand } from '../../support/fake-node/index.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { serviceObject } from '../../support/sample-objects.js';
import { ipvsOf, raw, sliceObject } from '../../sync/support/programmed-node.js';

const web = serviceObject('web', '10.96.0.1');
const slice = sliceObject('web', ['10.244.1.3']);
const otherSlice = sliceObject('web', ['10.244.1.4']);

const hour = 3_600_000;
/** No full sync becomes due in most tests. */
const timing = {
  debounceMilliseconds: 10,
  periodMilliseconds: hour,
  leastPauseMilliseconds: 0,
  drainMilliseconds: 2_000,
  firstRetryMilliseconds: 500,
  lastRetryMilliseconds: 30_000,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Setting extends Partial<Pick<WatchOptions, 'namespace' | 'allowEmpty'>> {
  readonly node?: FakeNode;
  readonly isVerbose?: boolean;
  readonly period?: number;
  readonly followFails?: KproxyError;
  readonly proxy?: ProxyOptions;
}

/** Runs `sync --watch` for a cluster with these objects until it is stopped. */
function startWatch(objects: readonly object[], setting: Setting = {}) {
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
    proxy: setting.proxy ?? tutorialProxy,
    timing: { ...timing, periodMilliseconds: setting.period ?? timing.periodMilliseconds },
    follow: async (store, onChanges, onTrouble) => {
      if (setting.followFails !== undefined) throw setting.followFails;
      for (const object of objects) store.put((object as { kind: 'Service' }).kind, raw(object));
      if (store.objects('Node').size === 0) store.unread.add('Node');
      known = { store, onChanges };
      trouble = onTrouble;
      return {
        close: async () => {
          feed.isClosed = true;
        },
      };
    },
    observers: [
      {
        onObjects: () => {
          seen.objects += 1;
        },
        onQueued: changes => seen.queued.push(...changes.map(({ kind }) => kind)),
        onSynced: ({ isWhole }) => seen.synced.push(isWhole),
        onFailed: () => {
          seen.failed += 1;
        },
      },
    ],
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
    pass: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds),
    stop: () => {
      stop.abort();
      return outcome;
    },
  };
}

test('sync --watch that is stopped before the cluster is known says nothing of it, and changes nothing', async () => {
  const watch = startWatch([web, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'other' } }]);
  expect(await watch.stop()).toBe('done');
  expect(watch.lines()).toEqual(['stopped; the node stays programmed']);
  expect([watch.node.changing, watch.feed.isClosed]).toEqual([[], true]);
});

describe('sync --watch on a node that cannot serve IPv6', () => {
  const dualStack = serviceObject('web', '10.96.0.1', { clusterIPs: ['10.96.0.1', 'fd00:96::1'] });
  const leftOut = (lines: readonly string[]) => lines.filter(line => line.includes('IPv6 is left out'));
  const servesIpv6 = (node: FakeNode) => node.kernel.servers.has('TCP [fd00:96::1]:80');
  const disableIpv6 = (node: FakeNode, value: string): void => {
    for (const scope of ['default', 'kube-ipvs0'])
      node.kernel.sysctls.set(`net/ipv6/conf/${scope}/disable_ipv6`, value);
  };

  test('says so once until that changes, and serves IPv6 at the next full sync', async () => {
    const node = fakeNode();
    disableIpv6(node, '1');
    const watch = startWatch([dualStack, slice], { node, period: 1_000 });
    await watch.pass(0);
    watch.put(otherSlice);
    await watch.pass(2_500);
    expect(leftOut(watch.lines())).toHaveLength(1);
    expect(servesIpv6(node)).toBe(false);
    disableIpv6(node, '0');
    await watch.pass(1_000);
    expect(servesIpv6(node)).toBe(true);
    disableIpv6(node, '1');
    const addresses = node.kernel.links.get('kube-ipvs0')?.addresses;
    addresses?.splice(
      addresses.findIndex(({ prefix }) => prefix === 128),
      1,
    );
    await watch.pass(1_000);
    expect(servesIpv6(node)).toBe(false);
    await watch.stop();
    expect(leftOut(watch.lines())).toHaveLength(2);
    expect(watch.seen.failed).toBe(0);
  });

  test('tries the tables of IPv6 out when the first Service needs them', async () => {
    const node = fakeNode();
    node.kernel.tables.IPv6.clear();
    node.kernel.lacks.add('IPv6 tables');
    const watch = startWatch([web, slice], { node });
    await watch.pass(0);
    expect(leftOut(watch.lines())).toEqual([]);
    watch.put(dualStack);
    await watch.pass(10);
    await watch.stop();
    expect(watch.seen.failed).toBe(0);
    expect(leftOut(watch.lines())).toHaveLength(1);
    expect(node.kernel.servers.size).toBe(1);
  });
});

describe('sync --watch', () => {
  test('programs the node, follows the cluster, and leaves the node programmed when it is stopped', async () => {
    const watch = startWatch([web, slice]);
    await watch.pass(0);
    watch.put(otherSlice);
    await watch.pass(10);
    expect(await watch.stop()).toBe('done');
    expect(watch.feed.isClosed).toBe(true);
    expect(ipvsOf(watch.node)).toEqual(['-A -t 10.96.0.1:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1']);
  });

  test('follows a node that does not exist yet, and prefers its zone once it does', async () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob', labels: {} } };
    const zoned = { ...node, metadata: { ...node.metadata, labels: { 'topology.kubernetes.io/zone': 'a' } } };
    const hinted = (address: string, zone: string) => ({
      addresses: [address],
      hints: { forZones: [{ name: zone }] },
    });
    const hints = { ...slice, endpoints: [hinted('10.244.1.3', 'a'), hinted('10.244.2.3', 'b')] };
    const watch = startWatch([web, hints, { ...node, metadata: { name: 'other' } }]);
    await watch.pass(0);
    const realServers = () => ipvsOf(watch.node).filter(line => line.startsWith('-a')).length;
    expect(realServers()).toBe(2);
    watch.put(zoned);
    await watch.pass(10);
    expect(realServers()).toBe(1);
    watch.put(node);
    await watch.pass(10);
    expect(realServers()).toBe(2);
    watch.remove(node);
    await watch.pass(10);
    expect(await watch.stop()).toBe('done');
    const missing =
      'warning: the cluster has no Node named "inajob": until it has one, endpoints on this node do not count as ' +
      'local. If the node has another name there (kubectl get nodes), give it with --node';
    expect(watch.lines().filter(line => line.includes('Node'))).toEqual([
      missing,
      'the cluster has the Node "inajob" now',
      'Node inajob: 0 added, 0 changed, 1 removed in N ms',
      'Node inajob: 1 added, 0 changed, 0 removed in N ms',
      missing,
    ]);
  });

  test('logs one line for each sync that changed something', async () => {
    const watch = startWatch([web, slice], { period: 1_000 });
    await watch.pass(0);
    watch.put(otherSlice);
    await watch.pass(10);
    watch.put(web, otherSlice);
    await watch.pass(3_000);
    await watch.stop();
    expect(watch.seen.synced).toEqual([true, false, true, true, true]);
    expect(watch.lines()).toEqual([
      'following the cluster for node inajob (Services: 1)',
      'the whole node: 26 added, 1 changed, 0 removed in N ms',
      'default/web: 1 added, 0 changed, 1 removed in N ms',
      'stopped; the node stays programmed',
    ]);
  });

  test('names what a Service cannot have once, and again after it was gone, and does not fail', async () => {
    const odd = serviceObject('web', '10.96.0.1', { externalIPs: ['224.0.0.1'] });
    const watch = startWatch([odd, slice], { period: 1_000 });
    await watch.pass(3_000);
    watch.put(web);
    await watch.pass(10);
    watch.put(odd);
    await watch.pass(10_000);
    await watch.stop();
    const line =
      'warning: Service default/web: spec.externalIPs[0]: is a multicast address and is left out: "224.0.0.1"';
    expect(watch.lines().filter(one => one.startsWith('warning'))).toEqual([line, line]);
    expect(watch.seen.failed).toBe(0);
  });

  test('logs each change and each sync without changes with --verbose', async () => {
    const watch = startWatch([web, slice], { isVerbose: true });
    await watch.pass(0);
    watch.put(otherSlice);
    await watch.pass(10);
    watch.put({ ...web, metadata: { name: 'web', namespace: 'default', labels: { a: 'b' } } });
    await watch.pass(10);
    await watch.stop();
    expect(watch.lines().slice(-5)).toEqual([
      'default/web: 1 added, 0 changed, 1 removed in N ms',
      'add: real server 10.244.1.4:8080 of TCP 10.96.0.1:80, weight 1',
      'remove: real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1',
      'default/web: in sync, nothing changed (N ms)',
      'stopped; the node stays programmed',
    ]);
  });

  test('corrects drift after each period', async () => {
    const watch = startWatch([web, slice], { period: 1_000 });
    await watch.pass(0);
    runCommand(watch.node.kernel, { argv: ['ipvsadm', '-D', '-t', '10.96.0.1:80'] });
    await watch.pass(999);
    expect(ipvsOf(watch.node)).toEqual([]);
    await watch.pass(1);
    expect(ipvsOf(watch.node)).toHaveLength(2);
    await watch.stop();
    expect(watch.lines()).toContain('the whole node: 2 added, 0 changed, 0 removed in N ms');
  });

  test('reports objects, queued changes and syncs to its observer', async () => {
    const watch = startWatch([web, slice]);
    await watch.pass(0);
    watch.put(otherSlice);
    await watch.pass(10);
    await watch.stop();
    expect(watch.seen).toEqual({ objects: 2, queued: ['EndpointSlice'], synced: [true, false], failed: 0 });
  });

  test('ignores other nodes, and the heartbeats of its own', async () => {
    const nodeObject = (name: string, metadata: object = {}) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, ...metadata },
      status: { addresses: [{ type: 'InternalIP', address: '10.10.0.11' }] },
    });
    const watch = startWatch([web, slice, nodeObject('inajob')]);
    await watch.pass(0);
    watch.put(nodeObject('yuanying'));
    watch.put(nodeObject('inajob', { annotations: { heartbeat: '2' } }));
    watch.put(otherSlice);
    await watch.pass(10);
    await watch.stop();
    expect(watch.seen.queued).toEqual(['EndpointSlice']);
  });
});

describe('sync --watch that detects local traffic by the podCIDRs of the Node', () => {
  const proxy: ProxyOptions = { ...tutorialProxy, localDetection: { by: 'NodeCIDR' } };
  const minute = 60_000;
  const nodeObject = (podCIDRs: readonly string[]) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'inajob' },
    spec: { podCIDR: podCIDRs[0], podCIDRs },
  });
  const bare = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } };
  const waiting =
    'warning: detectLocalMode NodeCIDR: the Node "inajob" has no podCIDRs; waiting up to 5 minutes, and the node ' +
    'stays as it is until then';
  const hasRuleFor = (node: FakeNode, network: string) =>
    runCommand(node.kernel, { argv: ['iptables-save'] }).stdout.includes(` ! -s ${network} `);

  test('waits for podCIDRs that come later, changes nothing until then, and says so once', async () => {
    const watch = startWatch([web, slice, bare], { proxy, period: 1_000 });
    await watch.pass(minute);
    watch.put(otherSlice);
    await watch.pass(minute);
    expect(watch.node.changing).toEqual([]);
    expect(watch.seen).toMatchObject({ queued: [], synced: [], failed: 0 });
    watch.put(nodeObject(['10.244.1.0/24']));
    await watch.pass(10);
    expect(hasRuleFor(watch.node, '10.244.1.0/24')).toBe(true);
    expect(await watch.stop()).toBe('done');
    expect(watch.lines().slice(0, 3)).toEqual([
      'following the cluster for node inajob (Services: 1)',
      waiting,
      expect.stringMatching(/^the whole node: \d+ added/),
    ]);
  });

  test('ends with an error after five minutes, as kube-proxy does', async () => {
    const watch = startWatch([web, slice, bare], { proxy });
    const rejected = expect(watch.outcome).rejects.toMatchObject({
      code: 'node-networks-missing',
      message: expect.stringContaining('the Node "inajob" has no podCIDRs'),
      evidence: 'Waited for 5 minutes.',
    });
    await watch.pass(5 * minute);
    await rejected;
    expect(watch.feed.isClosed).toBe(true);
    expect(watch.node.changing).toEqual([]);
  });

  test('ends at once if it is stopped while it waits', async () => {
    const watch = startWatch([web, slice, bare], { proxy });
    await watch.pass(0);
    expect(await watch.stop()).toBe('done');
    expect(watch.node.changing).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('programs other podCIDRs at once, and keeps the last if the Node loses them', async () => {
    const watch = startWatch([web, slice, nodeObject(['10.244.1.0/24'])], { proxy });
    await watch.pass(0);
    watch.put(nodeObject(['10.244.7.0/24']));
    await watch.pass(10);
    expect(hasRuleFor(watch.node, '10.244.7.0/24')).toBe(true);
    watch.put(bare);
    await watch.pass(10);
    watch.put(otherSlice);
    await watch.pass(10);
    expect(hasRuleFor(watch.node, '10.244.7.0/24')).toBe(true);
    expect(await watch.stop()).toBe('done');
    expect(watch.lines()).not.toContain(waiting);
    expect(watch.seen.queued).toEqual(['Node', 'Node', 'EndpointSlice']);
  });
});

describe('sync --watch in trouble', () => {
  test('logs a failed sync with the time of the retry, and retries until it succeeds', async () => {
    const node = fakeNode();
    const watch = startWatch([web, slice], { node });
    await watch.pass(0);
    node.broken.set('ipvsadm --restore', toolHangs(['ipvsadm', '--restore'], 1000, []));
    watch.put(otherSlice);
    await watch.pass(10);
    expect(watch.seen.failed).toBe(1);
    node.broken.clear();
    await watch.pass(510);
    await watch.stop();
    const failure = watch.lines().findIndex(line => line.startsWith('error: '));
    expect(watch.lines()[failure]?.replaceAll('1970-01-01T00:00:00.000Z ', '').split('\n')).toEqual([
      'error: `ipvsadm --restore` failed; 0 commands of 1 had been run',
    ]);
    expect(watch.lines().join('\n')).toContain('error:   `ipvsadm --restore` did not end within 1 s and was killed');
    expect(watch.lines().join('\n')).toContain('error: retrying in 0.5 s');
    expect(watch.lines().at(-2)).toBe('the whole node: 1 added, 0 changed, 1 removed in N ms');
    expect(watch.seen.synced).toEqual([true, true]);
  });

  test('warns of each invalid object once, also if it was invalid from the start', async () => {
    const bad = serviceObject('bad', '10.96.0.300');
    const line = 'warning: test: Service default/bad: spec.clusterIP: is not an IP address: "10.96.0.300"';
    const watch = startWatch([web, slice, bad]);
    await watch.pass(0);
    watch.put(bad);
    watch.put(serviceObject('worse', 'x'));
    watch.put(otherSlice);
    await watch.pass(10);
    await watch.stop();
    expect(watch.lines().filter(text => text === line)).toHaveLength(1);
    expect(watch.lines().filter(text => text.includes('default/worse'))).toHaveLength(1);
  });

  test('warns once if two Services claim one virtual server', async () => {
    const dated = (name: string, day: number) => ({
      ...serviceObject(name, '10.96.0.1'),
      metadata: { name, namespace: 'default', creationTimestamp: `2026-01-0${day}T00:00:00Z` },
    });
    const watch = startWatch([dated('web', 1), slice], { period: 1_000 });
    await watch.pass(0);
    watch.put(dated('late', 2));
    await watch.pass(5_000);
    await watch.stop();
    expect(watch.lines().filter(text => text.startsWith('warning: '))).toEqual([
      'warning: default/late: TCP 10.96.0.1:80 belongs to default/web, which is older, and stays with it',
    ]);
  });

  test('warns of trouble with the cluster, and leaves the node as it is', async () => {
    const watch = startWatch([web, slice]);
    await watch.pass(0);
    watch.trouble('the API server is away');
    await watch.stop();
    expect(watch.lines()).toContain('warning: the API server is away');
    expect(ipvsOf(watch.node)).toHaveLength(2);
  });

  test('logs an error for an empty list of Services, and changes nothing until there are Services again', async () => {
    const watch = startWatch([web, slice]);
    await watch.pass(0);
    watch.remove(web);
    await watch.pass(600);
    expect(watch.seen.failed).toBe(2);
    expect(ipvsOf(watch.node)).toHaveLength(2);
    watch.put(web);
    await watch.pass(2_000);
    await watch.stop();
    expect(ipvsOf(watch.node)).toHaveLength(2);
    expect(watch.lines().join('\n')).toContain('error: no Service was read, but this node has 1 virtual server');
  });

  test('ends with the error if the cluster cannot be reached at all', async () => {
    const error = new KproxyError({ code: 'kubectl-missing', message: 'no kubectl' });
    const watch = startWatch([], { followFails: error });
    await expect(watch.outcome).rejects.toBe(error);
    expect(watch.node.commands).toEqual([]);
  });
});
