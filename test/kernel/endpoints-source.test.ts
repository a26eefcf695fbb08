import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { nodeQueries } from '../../src/cluster/node-queries.js';
import { createKubectl } from '../../src/cluster/run-kubectl.js';
import { nodeKinds, optionalNodeKinds, readClusterForNode } from '../../src/commands/shared/read-cluster.js';
import { createFollower } from '../../src/commands/watch/follow.js';
import { keepNode } from '../../src/commands/watch/keep-node.js';
import { createLog } from '../../src/output/log.js';
import { useToolPath } from '../../src/run/tool-path.js';
import { defaultTiming } from '../../src/sync/loop.js';
import { fakeNode } from '../support/fake-node/index.js';
import { tutorialProxy } from '../support/run-sync.js';
import { ipvsOf } from '../sync/support/programmed-node.js';
import { builtProgram, canHaveControlPlane, controlPlaneMilliseconds } from './support/control-plane.js';
import { type HostControlPlane, startHostControlPlane } from './support/host-control-plane.js';

/** Of every four Services, one has no selector. Its endpoints are written by hand, and a controller mirrors them. */
const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
const selectorOf = (index: number) => (index % 4 === 0 ? {} : { selector: { app: 'web' } });
const service = (name: string, index: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ...selectorOf(index), clusterIP: `10.254.10.${index + 1}`, ports: [{ port: 80, targetPort: 8080 }] },
});
const endpoints = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name },
  subsets: [{ addresses: [{ ip: '10.244.1.3' }], ports: [{ port: 8080 }] }],
});
/** The controllers leave out Pods whose Node they do not know. */
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } };
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: { nodeName: 'inajob', containers: [{ name: 'web', image: 'web' }] },
};
const status = {
  phase: 'Running',
  podIP: '10.244.1.3',
  podIPs: [{ ip: '10.244.1.3' }],
  conditions: [{ type: 'Ready', status: 'True' }],
};

const fromSlices = 'endpoints: from EndpointSlices';
const fromEndpoints = 'endpoints: from Endpoints objects, because no controller makes EndpointSlices here';
const hasPrograms = canHaveControlPlane && builtProgram('kube-controller-manager') !== undefined;

describe.skipIf(!hasPrograms)('with the controllers of a real cluster', () => {
  let cluster: HostControlPlane;
  let killControllers = async () => {};

  beforeAll(async () => {
    cluster = await startHostControlPlane(23_130);
    useToolPath([builtProgram('kubectl')?.replace(/\/kubectl$/, '') ?? '']);
    const items = [...names.map(service), ...names.map(endpoints), node, pod];
    await cluster.kubectl(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
    await cluster.kubectl(['patch', 'pod', 'web', '--subresource', 'status', '-p', JSON.stringify({ status })]);
  }, controlPlaneMilliseconds);
  afterAll(async () => {
    await killControllers();
    useToolPath([]);
    await cluster.stop();
  });

  /** Starts `sync --watch` on a fake node with the permissions of kube-proxy. */
  function startWatch() {
    const kernelNode = fakeNode();
    const lines: string[] = [];
    const log = createLog({
      format: 'text',
      isVerbose: false,
      write: text => lines.push(text.trimEnd().replace(/^\S+ /, '')),
      now: () => new Date(0),
    });
    const follow = createFollower({
      kinds: nodeKinds,
      selections: nodeQueries('inajob'),
      optional: optionalNodeKinds,
      namespace: undefined,
      onEndpointsSource: log.info,
      from: [],
      kubectl: { kubeconfig: cluster.nodeKubeconfig },
      io: { readStdin: async () => '' },
    });
    const timing = { ...defaultTiming, periodMilliseconds: 2_000 };
    const scope = { namespace: undefined, allowEmpty: false };
    const stop = new AbortController();
    const proxy = tutorialProxy;
    const outcome = keepNode({ ...scope, proxy, follow, timing, observers: [] }, kernelNode, log, stop.signal);
    return {
      lines,
      realServers: () => ipvsOf(kernelNode).filter(line => line.startsWith('-a ')).length,
      /** Waits until a line has been logged so many times. */
      logged: (text: string, times: number) =>
        vi.waitUntil(() => lines.filter(line => line === text).length === times, { timeout: 60_000, interval: 10 }),
      stop: () => {
        stop.abort();
        return outcome;
      },
    };
  }
  const endpointsRequests = async () =>
    (await cluster.requests()).filter(
      ({ requestURI, impersonatedUser }) => impersonatedUser !== undefined && /\/endpoints\?/.test(requestURI),
    ).length;

  test('no Service is without its real server in a watch while they are started and stopped', async () => {
    const watch = startWatch();
    await watch.logged(fromEndpoints, 1);
    await vi.waitUntil(() => watch.realServers() === names.length, { timeout: 30_000, interval: 10 });
    let fewest = names.length;
    const looking = setInterval(() => {
      fewest = Math.min(fewest, watch.realServers());
    }, 2);
    for (const round of [1, 2]) {
      killControllers = cluster.startControllers();
      await watch.logged(fromSlices, round);
      await killControllers();
      await cluster.kubectl(['delete', 'endpointslices', '--all']);
      await watch.logged(fromEndpoints, round + 1);
    }
    killControllers = cluster.startControllers();
    await watch.logged(fromSlices, 3);
    clearInterval(looking);
    expect(fewest).toBe(names.length);
    // From then on, changes come from EndpointSlices alone.
    await cluster.kubectl(['delete', 'pod', 'web', '--force', '--wait=false']);
    const mirrored = names.length / 4;
    await vi.waitUntil(() => watch.realServers() === mirrored, { timeout: 30_000, interval: 10 });
    expect(await watch.stop()).toBe('done');
    await vi.waitUntil(async () => (await endpointsRequests()) >= 3, { timeout: 10_000, interval: 100 });
    expect(await endpointsRequests()).toBe(3);
    expect(watch.lines.filter(line => /error|warning/.test(line))).toEqual([]);
  }, 300_000);

  test('one command does not ask for Endpoints objects while they run', async () => {
    const before = await endpointsRequests();
    const kubectl = createKubectl({ kubeconfig: cluster.nodeKubeconfig });
    const io = { stdout: () => {}, stderr: () => {}, readStdin: async () => '' };
    const read = await readClusterForNode({ from: [], namespace: undefined, kubectl }, 'inajob', io);
    expect([read.services.length, read.endpoints, read.nodes.length]).toEqual([names.length + 1, [], 1]);
    expect(await endpointsRequests()).toBe(before);
  }, 120_000);
});
