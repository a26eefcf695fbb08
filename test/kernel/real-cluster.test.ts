import { beforeAll, describe, expect, test } from 'vitest';
import { requests } from '../../src/sandbox/network/request.js';
import { tutorialService } from '../../src/sandbox/network/tutorial-topology.js';
import type { CommandResult, RunningCommand } from '../../src/sandbox/sandbox.js';
import {
  type ControlPlane,
  canHaveControlPlane,
  controlPlaneMilliseconds,
  controlPlaneSandbox,
  startControlPlane,
} from './support/control-plane.js';
import { output, useNetwork } from './support/guest.js';
import { eventually, processesWith, signal } from './support/processes.js';

const master = '192.168.33.10';
/** The limit for a test on a busy machine, where each kubectl takes seconds and the API server a minute to start. */
const busyMilliseconds = 600_000;

/** The tutorial's Service, and the Pods of its Deployment after scheduling. */
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web-service', labels: { app: 'web' } },
  spec: {
    clusterIP: tutorialService.virtualAddress,
    selector: { app: 'web' },
    ports: [{ port: tutorialService.port, targetPort: tutorialService.targetPort }],
  },
};
const pods = [
  { name: 'web-5d8c6f7b9-2x4lq', node: 'yuanying', ip: '10.244.2.2' },
  { name: 'web-5d8c6f7b9-k9w7m', node: 'inajob', ip: '10.244.1.3' },
] as const;
const podObject = ({ name, node }: (typeof pods)[number]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'web', 'pod-template-hash': '5d8c6f7b9' } },
  spec: { nodeName: node, containers: [{ name: 'web', image: 'web', ports: [{ containerPort: 8080 }] }] },
});

/** The status that the kubelet would report. */
const podStatus = (ip: string, ready: boolean) => ({
  status: {
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2026-11-23T00:00:00Z' }],
  },
});

/** Another Pod of the Deployment. It gets no connections, so that nothing delays its removal. */
const quietAddress = '10.254.10.129';
const quietService = {
  ...service,
  metadata: { name: 'quiet-service' },
  spec: { ...service.spec, clusterIP: quietAddress },
};
const serversOf = (text: string, vip: string): number => text.split(`-a -t ${vip}:80 `).length - 1;

const objects = [service, ...pods.map(podObject)].map(object => JSON.stringify(object)).join('\n');

describe.skipIf(!canHaveControlPlane)('with the real kubectl, API server and etcd', () => {
  const sandbox = useNetwork(undefined, controlPlaneSandbox);
  let cluster: ControlPlane;

  const patchStatus = ({ name, ip }: (typeof pods)[number], ready: boolean) =>
    cluster.kubectl(['patch', 'pod', name, '--subresource', 'status', '-p', JSON.stringify(podStatus(ip, ready))]);
  const succeed = ({ exitCode, stdout, stderr }: CommandResult): string => {
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  };
  const stored = async () =>
    JSON.parse(succeed(await cluster.kubectl(['get', '--raw', '/api/v1/namespaces/default/endpoints/web-service'])));

  beforeAll(async () => {
    cluster = await startControlPlane(sandbox(), 'master', master);
    succeed(await cluster.kubectl(['apply', '-f', '-'], objects));
    for (const pod of pods) succeed(await patchStatus(pod, true));
  }, controlPlaneMilliseconds);

  test(
    'the master writes the Endpoints object of the tutorial, and the API server accepts it',
    async () => {
      const first = await cluster.kproxy('master', ['endpoints', 'web-service']);
      expect(first).toMatchObject({ stdout: 'endpoints/web-service created\n', stderr: '', exitCode: 0 });
      const { subsets } = await stored();
      expect(subsets).toMatchObject([
        {
          addresses: [
            { ip: '10.244.1.3', nodeName: 'inajob', targetRef: { kind: 'Pod', name: pods[1].name } },
            { ip: '10.244.2.2', nodeName: 'yuanying', targetRef: { kind: 'Pod', name: pods[0].name } },
          ],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ]);
    },
    busyMilliseconds,
  );

  test(
    'a second run writes nothing',
    async () => {
      const before = await stored();
      const second = await cluster.kproxy('master', ['endpoints', 'web-service']);
      expect(second).toMatchObject({ stdout: 'endpoints/web-service unchanged\n', stderr: '', exitCode: 0 });
      expect((await stored()).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    },
    busyMilliseconds,
  );

  test(
    'the worker reads them with kubectl, and the VIP answers from both Pods',
    async () => {
      const sync = ['sync', '--node', 'inajob', '--cluster-cidr', '10.244.0.0/16'];
      expect(await cluster.kproxy('inajob', sync)).toMatchObject({ stderr: '', exitCode: 0 });
      const vip = { from: 'inajob', address: tutorialService.virtualAddress, port: tutorialService.port };
      const answers = await requests(
        sandbox(),
        Array.from({ length: 4 }, () => vip),
      );
      const answeredBy = answers.map(answer => (answer.outcome === 'answered' ? answer.answeredBy : answer.outcome));
      expect(answeredBy.sort()).toEqual(['web-inajob', 'web-inajob', 'web-yuanying', 'web-yuanying']);
      expect((await cluster.kproxy('inajob', sync)).stdout).toBe('node inajob: in sync, nothing changed\n');
    },
    busyMilliseconds,
  );

  test(
    'a Pod that is no longer ready is moved to notReadyAddresses, by the printed script too',
    async () => {
      succeed(await patchStatus(pods[0], false));
      const script = succeed(await cluster.kproxy('master', ['endpoints', '--dry-run']));
      expect(succeed(await cluster.shell(script))).toBe('endpoints/web-service configured\n');
      const [subset] = (await stored()).subsets;
      expect([subset.addresses[0].ip, subset.notReadyAddresses[0].ip]).toEqual(['10.244.1.3', '10.244.2.2']);
      const after = await cluster.kproxy('master', ['endpoints']);
      expect(after.stdout).toBe('endpoints/web-service unchanged\n');
    },
    busyMilliseconds,
  );

  test(
    'when the last Pod is removed, its address is removed too',
    async () => {
      succeed(await cluster.kubectl(['delete', 'pod', '--all', '--force', '--wait=false']));
      const gone = await cluster.kproxy('master', ['endpoints']);
      expect(gone).toMatchObject({ stdout: 'endpoints/web-service configured\n', exitCode: 0 });
      expect((await stored()).subsets ?? []).toEqual([]);
    },
    busyMilliseconds,
  );

  describe('--watch on both machines', () => {
    const watchSync = ['sync', '--watch', '--node', 'inajob', '--cluster-cidr', '10.244.0.0/16', '-v'];
    const kubectlOf = () => processesWith(sandbox(), 'kubectl .*proxy --unix-socket');
    let endpoints: RunningCommand;
    let sync: RunningCommand;

    const vip = { from: 'inajob', address: tutorialService.virtualAddress, port: tutorialService.port };
    const answering = async (): Promise<readonly string[]> => {
      const answers = await requests(sandbox(), [vip, vip, vip, vip]);
      const names = answers.map(answer => (answer.outcome === 'answered' ? answer.answeredBy : answer.outcome));
      return [...new Set(names)].sort();
    };
    const isAnswering = (...names: readonly string[]) =>
      eventually(answering, seen => seen.join() === names.join()).then(seen => expect(seen).toEqual(names));
    const ipvs = () => output(sandbox(), ['ipvsadm', '-S', '-n'], { namespace: 'inajob' });
    const both = ['web-inajob', 'web-yuanying'] as const;

    beforeAll(async () => {
      succeed(await cluster.kubectl(['delete', 'service,endpoints', 'web-service']));
      endpoints = cluster.watch('master', ['endpoints', '--watch']);
      sync = cluster.watch('inajob', watchSync);
    }, busyMilliseconds);

    test(
      'after Pods and a Service are created, the VIP answers without another command',
      async () => {
        succeed(await cluster.kubectl(['apply', '-f', '-'], `${objects}\n${JSON.stringify(quietService)}`));
        for (const pod of pods) succeed(await patchStatus(pod, true));
        await isAnswering(...both);
        const quiet = await eventually(ipvs, text => serversOf(text, quietAddress) === 2);
        expect(serversOf(quiet, quietAddress)).toBe(2);
      },
      busyMilliseconds,
    );

    test(
      'the API server has an Event of the start, about the Node',
      async () => {
        const events = async () =>
          JSON.parse(
            succeed(await cluster.kubectl(['get', '--raw', '/apis/events.k8s.io/v1/namespaces/default/events'])),
          );
        const { items } = await eventually(events, list => list.items.length > 0);
        expect(items).toEqual([
          expect.objectContaining({
            type: 'Normal',
            reason: 'Starting',
            reportingController: 'kproxy',
            reportingInstance: 'kproxy-inajob',
            regarding: { apiVersion: 'v1', kind: 'Node', name: 'inajob', uid: 'inajob' },
          }),
        ]);
      },
      busyMilliseconds,
    );

    test(
      'a Pod that is no longer ready is removed',
      async () => {
        succeed(await patchStatus(pods[0], false));
        await isAnswering(both[0]);
      },
      busyMilliseconds,
    );

    test(
      'changes arrive after kubectl was killed and the API server was down for a while',
      async () => {
        const before = await kubectlOf();
        expect(before).toHaveLength(2);
        await signal(sandbox(), 'KILL', before);
        cluster.process.kill();
        await cluster.process.result;
        expect(await answering()).toEqual([both[0]]);
        cluster = await startControlPlane(sandbox(), 'master', master);
        succeed(await patchStatus(pods[0], true));
        await isAnswering(...both);
        expect(await kubectlOf()).toHaveLength(2);
      },
      busyMilliseconds,
    );

    test(
      'on SIGTERM it ends with 0, its kubectl ends too, and the node keeps serving',
      async () => {
        await signal(sandbox(), 'TERM', await processesWith(sandbox(), 'kproxy.js .*sync --watch'));
        const { exitCode, stderr, stdout } = await sync.result;
        expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
        expect(stderr).toMatch(/stopped; the node stays programmed\n$/);
        expect(await kubectlOf()).toHaveLength(1);
        expect(await answering()).toEqual(both);
      },
      busyMilliseconds,
    );

    test(
      'when a Service is deleted, its VIP is removed, or closed until its last connections have ended',
      async () => {
        sync = cluster.watch('inajob', watchSync);
        succeed(await cluster.kubectl(['delete', 'service', 'web-service', quietService.metadata.name]));
        const left = await eventually(ipvs, text => !text.includes(quietAddress));
        expect(left).not.toContain(quietAddress);
        expect(await output(sandbox(), ['ip', 'addr', 'show'], { namespace: 'inajob' })).not.toContain(quietAddress);
        await isAnswering('refused');
      },
      busyMilliseconds,
    );

    test(
      'kill -9 leaves no kubectl behind',
      async () => {
        expect(await kubectlOf()).toHaveLength(2);
        await signal(sandbox(), 'KILL', await processesWith(sandbox(), 'kproxy.js .*(sync|endpoints) --watch'));
        await Promise.all([sync.result, endpoints.result]);
        expect(await eventually(kubectlOf, ids => ids.length === 0)).toEqual([]);
      },
      busyMilliseconds,
    );
  });

  test('with NodeCIDR, sync --watch waits for the podCIDRs of its Node, and programs them when they come', async () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } };
    succeed(await cluster.kubectl(['apply', '-f', '-'], `${JSON.stringify(node)}\n${JSON.stringify(service)}`));
    const options = ['--node', 'inajob', '--detect-local-mode', 'NodeCIDR'];
    const once = await cluster.kproxy('inajob', ['sync', ...options]);
    expect(once).toMatchObject({ stdout: '', exitCode: 3, stderr: expect.stringContaining('has no podCIDRs') });

    const rules = () => output(sandbox(), ['iptables', '-t', 'nat', '-S'], { namespace: 'inajob' });
    const health = async () =>
      (
        await output(sandbox(), ['curl', '-s', 'localhost:10256/healthz', '-w', '%{http_code}'], {
          namespace: 'inajob',
        })
      ).slice(-3);
    const before = await rules();
    const sync = cluster.watch('inajob', ['sync', '--watch', ...options]);
    await eventually(
      async () => sync.stderr(),
      text => text.includes('waiting up to 5 minutes'),
    );
    expect({ rules: await rules(), health: await health() }).toEqual({ rules: before, health: '503' });

    const spec = { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] };
    succeed(await cluster.kubectl(['patch', 'node', 'inajob', '-p', JSON.stringify({ spec })]));
    const rule = '-A KUBE-SERVICES ! -s 10.244.1.0/24 ';
    expect(await eventually(rules, text => text.includes(rule))).toContain(rule);
    expect(await eventually(health, code => code === '200')).toBe('200');
    await signal(sandbox(), 'TERM', await processesWith(sandbox(), 'kproxy.js .*sync --watch'));
    expect((await sync.result).exitCode).toBe(0);
  }, 180_000);
});
