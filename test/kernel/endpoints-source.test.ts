import { beforeAll, describe, expect, test } from 'vitest';
import { requests } from '../../src/sandbox/network/request.js';
import type { CommandResult, RunningCommand } from '../../src/sandbox/sandbox.js';
import {
  builtProgram,
  type ControlPlane,
  canHaveControlPlane,
  controlPlaneMilliseconds,
  controlPlaneSandbox,
  startControllers,
  startControlPlane,
} from './support/control-plane.js';
import { useNetwork } from './support/guest.js';
import { eventually, processesWith, signal } from './support/processes.js';

const pods = [
  { name: 'web-1', nodeName: 'inajob', ip: '10.244.1.3' },
  { name: 'web-2', nodeName: 'yuanying', ip: '10.244.2.2' },
] as const;
/** The first has a selector. The endpoints of the second are written by hand, and a controller mirrors them. */
const services = [
  { name: 'selecting', address: '10.254.10.1', selector: { app: 'web' } },
  { name: 'by-hand', address: '10.254.10.2', selector: undefined },
] as const;

const serviceObject = ({ name, address, selector }: (typeof services)[number]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { clusterIP: address, selector, ports: [{ port: 80, targetPort: 8080 }] },
});
const endpointsObject = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name },
  subsets: [{ addresses: pods.map(({ ip, nodeName }) => ({ ip, nodeName })), ports: [{ port: 8080 }] }],
});
/** The controllers leave out Pods whose Node they do not know. */
const nodeObject = ({ nodeName }: (typeof pods)[number]) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: nodeName },
});
const podObject = ({ name, nodeName }: (typeof pods)[number]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'web' } },
  spec: { nodeName, containers: [{ name: 'web', image: 'web', ports: [{ containerPort: 8080 }] }] },
});
const statusOf = ({ ip }: (typeof pods)[number], ready: boolean) => ({
  status: {
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  },
});

const hasControllers = canHaveControlPlane && builtProgram('kube-controller-manager') !== undefined;

describe.skipIf(!hasControllers)('controllers that are started and stopped while a watch runs', () => {
  const sandbox = useNetwork(undefined, controlPlaneSandbox);
  let cluster: ControlPlane;
  let watch: RunningCommand;

  const succeed = ({ exitCode, stdout, stderr }: CommandResult): string => {
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  };
  const kubectl = async (argv: readonly string[], input?: string) => succeed(await cluster.kubectl(argv, input));
  const report = (pod: (typeof pods)[number], ready: boolean) =>
    kubectl(['patch', 'pod', pod.name, '--subresource', 'status', '-p', JSON.stringify(statusOf(pod, ready))]);
  const sources = (): readonly string[] =>
    [...watch.stderr().matchAll(/ endpoints: from (EndpointSlices|Endpoints objects)(?:,? (?:because|and).*)?$/gm)].map(
      ([line]) => line.replace(/^ endpoints: /, '').split(',')[0] ?? '',
    );
  const source = (text: string) =>
    eventually(
      async () => sources().at(-1),
      seen => seen === text,
    ).then(seen => expect(seen).toBe(text));
  const ask = async (): Promise<readonly string[]> => {
    const each = services.flatMap(({ name, address }) => [
      { name, address },
      { name, address },
    ]);
    const answers = await requests(
      sandbox(),
      each.map(({ address }) => ({ from: 'inajob', address, port: 80 })),
    );
    return answers.map((answer, at) => `${each[at]?.name}: ${answer.outcome}`);
  };
  const answered = services.flatMap(({ name }) => [`${name}: answered`, `${name}: answered`]);
  /** Sends requests all the time while the work goes on, and returns those without an answer. */
  const failuresDuring = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    let isOver = false;
    const seen: string[] = [];
    const asking = (async () => {
      while (!isOver) seen.push(...(await ask()));
    })();
    await work().finally(() => {
      isOver = true;
    });
    await asking;
    expect(seen.length).toBeGreaterThan(0);
    return seen.filter(outcome => !outcome.endsWith(': answered'));
  };

  beforeAll(async () => {
    cluster = await startControlPlane(sandbox(), 'master', '192.168.33.10');
    const objects = [
      ...services.map(serviceObject),
      ...services.map(({ name }) => endpointsObject(name)),
      ...pods.map(nodeObject),
      ...pods.map(podObject),
    ];
    await kubectl(['apply', '-f', '-'], objects.map(object => JSON.stringify(object)).join('\n'));
    for (const pod of pods) await report(pod, true);
    watch = cluster.watch('inajob', ['sync', '--watch', '--node', 'inajob', '--cluster-cidr', '10.244.0.0/16']);
  }, controlPlaneMilliseconds);

  test('without controllers, Services are served from Endpoints objects', async () => {
    await source('from Endpoints objects');
    expect(await eventually(ask, seen => seen.join() === answered.join())).toEqual(answered);
  }, 120_000);

  test('each Service is served all the time while controllers are started, stopped and started again', async () => {
    const failures = await failuresDuring(async () => {
      let controllers = startControllers(sandbox(), 'master');
      await source('from EndpointSlices');
      controllers.kill('SIGKILL');
      await controllers.result;
      await kubectl(['delete', 'endpointslices', '--all']);
      await source('from Endpoints objects');
      controllers = startControllers(sandbox(), 'master');
      await source('from EndpointSlices');
    });
    expect(failures).toEqual([]);
  }, 300_000);

  test('then changes are taken from EndpointSlices, also by one command', async () => {
    await report(pods[1], false);
    const ipvs = async () => (await sandbox().run(['ipvsadm', '-S', '-n'], { namespace: 'inajob' })).stdout;
    const reals = await eventually(ipvs, text => !text.includes(`-t ${services[0].address}:80 -r ${pods[1].ip}`));
    expect(reals).toContain(`-t ${services[1].address}:80 -r ${pods[1].ip}`);
    await signal(sandbox(), 'TERM', await processesWith(sandbox(), 'kproxy.js sync --watch'));
    expect(await watch.result).toMatchObject({ exitCode: 0 });
    const status = await cluster.kproxy('inajob', [
      'status',
      '--node',
      'inajob',
      '--cluster-cidr',
      '10.244.0.0/16',
      '-o',
      'json',
    ]);
    expect(JSON.parse(status.stdout)).toMatchObject({ endpointsSource: 'slices', inSync: true });
  }, 120_000);
});
