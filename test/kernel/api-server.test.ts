import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readClusterWithKubectl } from '../../src/cluster/kubectl.js';
import { nodeQueries } from '../../src/cluster/node-queries.js';
import { createKubectl } from '../../src/cluster/run-kubectl.js';
import { followCluster } from '../../src/cluster/watch/feed.js';
import { openKubectlProxy } from '../../src/cluster/watch/kubectl-proxy.js';
import { neededAccess } from '../../src/doctor/needed-access.js';
import { readClusterFacts } from '../../src/doctor/read/cluster.js';
import { useToolPath } from '../../src/run/tool-path.js';
import { version } from '../../src/version.js';
import { builtProgram, canHaveControlPlane, controlPlaneMilliseconds } from './support/control-plane.js';
import { type HostControlPlane, startHostControlPlane } from './support/host-control-plane.js';

const kinds = ['Service', 'EndpointSlice', 'Node'] as const;

const patience = { timeout: 30_000, interval: 10 } as const;
const proxyName = 'service.kubernetes.io/service-proxy-name';
const service = (name: string, spec: object = {}, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels },
  spec: { ports: [{ port: 80 }], ...spec },
});
const slice = (name: string, labels: object = {}) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, labels },
  addressType: 'IPv4',
  endpoints: [],
  ports: [],
});
const node = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
const list = (...items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });

const objects = list(
  service('web'),
  service('headless', { clusterIP: 'None' }),
  service('foreign', {}, { [proxyName]: 'other' }),
  slice('web-1'),
  slice('headless-1', { 'service.kubernetes.io/headless': '' }),
  node('other'),
);

const nameOf = (value: unknown) => (value as { readonly metadata: { readonly name: string } }).metadata.name;

describe.skipIf(!canHaveControlPlane).each([
  ['with streaming lists', 23_100, '', true],
  ['without streaming lists', 23_110, '--feature-gates=WatchList=false', false],
])('a real API server %s', (_, port, flags, hasStreams) => {
  let cluster: HostControlPlane;
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    cluster = await startHostControlPlane(port, flags);
    await cluster.kubectl(['create', '-f', '-'], objects);
    useToolPath([builtProgram('kubectl')?.replace(/\/kubectl$/, '') ?? '']);
  }, controlPlaneMilliseconds);
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  afterAll(async () => {
    useToolPath([]);
    await cluster.stop();
  });

  /** Follows what the node `worker` needs, with the permissions of kube-proxy. */
  async function follow() {
    const seen: string[] = [];
    const until = (...lines: readonly string[]) =>
      vi.waitUntil(() => lines.every(line => seen.includes(line)), patience);
    const flags = { kubeconfig: cluster.nodeKubeconfig, kinds };
    const api = await openKubectlProxy(flags, line => seen.push(line));
    const feed = followCluster(api, {
      kinds,
      selections: nodeQueries('worker'),
      onTrouble: line => seen.push(line),
      onEvent: event => {
        if (event.is === 'listed')
          seen.push([event.kind, ...event.objects.map(({ value }) => nameOf(value))].join(' '));
        else seen.push(`${event.kind} ${nameOf(event.object.value)} ${event.is}`);
      },
    });
    // The feed must be closed before the connection.
    open.push(feed, api);
    return { seen, until };
  }

  test('sends a node only what it serves, and each change of that', async () => {
    const { seen, until } = await follow();
    await until('Service kubernetes web', 'EndpointSlice web-1', 'Node');
    await cluster.kubectl(['label', 'service', 'foreign', `${proxyName}-`]);
    await until('Service foreign changed');
    await cluster.kubectl(['label', 'service', 'web', `${proxyName}=other`]);
    await until('Service web removed');
    await cluster.kubectl(['create', '-f', '-'], list(node('worker'), node('third')));
    await until('Node worker changed');
    await cluster.kubectl(['label', 'endpointslice', 'web-1', 'service.kubernetes.io/headless=']);
    await until('EndpointSlice web-1 removed');
    expect(seen.slice(3)).toEqual([
      'Service foreign changed',
      'Service web removed',
      'Node worker changed',
      'EndpointSlice web-1 removed',
    ]);
  });

  test('sees in each request who asks, for what, and how', async () => {
    const { seen } = await follow();
    // A feed that is closed earlier may not have asked for the list of another kind yet.
    await vi.waitUntil(() => kinds.every(kind => seen.some(line => line.split(' ')[0] === kind)), patience);
    for (const each of open.splice(0)) await each.close();
    const isOwn = ({ impersonatedUser }: { impersonatedUser?: { username: string } }) =>
      impersonatedUser?.username === 'system:kube-proxy';
    // A watch is audited when it has ended.
    const requests = await vi.waitUntil(async () => {
      const own = (await cluster.requests()).filter(isOwn);
      return own.filter(({ requestURI }) => /nodes.*watch=1/.test(requestURI)).length >= 2 ? own : undefined;
    }, patience);
    expect(new Set(requests.map(({ userAgent }) => userAgent))).toEqual(new Set([`kproxy/${version}`]));
    const refused = requests.filter(({ responseStatus }) => responseStatus?.code !== 200);
    // Without streaming lists each feed asks for one with each of its kinds at the same time.
    expect(refused.map(({ responseStatus }) => responseStatus?.code)).toEqual(hasStreams ? [] : Array(6).fill(422));
    const lists = requests.filter(({ requestURI }) => !requestURI.includes('watch=1'));
    expect(lists.every(({ requestURI }) => requestURI.includes('?limit=500&resourceVersion=0&'))).toBe(true);
    expect(lists).toHaveLength(hasStreams ? 0 : 6);
  });

  test('answers a command with what was written just before', async () => {
    const kubectl = createKubectl({ kubeconfig: cluster.nodeKubeconfig });
    for (const name of ['one', 'two', 'three']) {
      await cluster.kubectl(['create', '-f', '-'], service(name));
      const read = await readClusterWithKubectl(kubectl, { kinds, selections: nodeQueries('worker') });
      const names = read.services.map(({ metadata }) => metadata.name);
      expect(names).toContain(name);
      expect(names).not.toContain('headless');
      expect(read.nodes.map(({ metadata }) => metadata.name)).toEqual(['worker']);
    }
  });

  test('tells doctor who may do what, its time and its Nodes', async () => {
    const factsFor = (kubeconfig: string) =>
      readClusterFacts(createKubectl({ kubeconfig }), { nodeName: 'other', now: () => Date.now() });
    const allowed = await factsFor(cluster.nodeKubeconfig);
    const isRead = (value: unknown) => ({ is: 'read', value });
    expect(allowed).toMatchObject({
      server: isRead({ version: expect.stringMatching(/^v1\./), clockAhead: 0 }),
      access: isRead(neededAccess.map(() => ({ isAllowed: true }))),
      node: isRead({ name: 'other', isKnown: true }),
    });
    const stranger = `${cluster.nodeKubeconfig}-stranger`;
    writeFileSync(stranger, readFileSync(cluster.nodeKubeconfig, 'utf8').replace('system:kube-proxy', 'stranger'));
    expect(await factsFor(stranger)).toMatchObject({
      access: isRead(neededAccess.map(() => ({ isAllowed: false }))),
      user: isRead('stranger'),
      node: { is: 'unread', why: expect.stringContaining('cannot list resource "nodes"') },
    });
  });
});
