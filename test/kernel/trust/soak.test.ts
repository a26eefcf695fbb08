import { beforeAll, describe, expect, test } from 'vitest';
import { requests } from '../../../src/sandbox/network/request.js';
import type { CommandResult, RunningCommand } from '../../../src/sandbox/sandbox.js';
import {
  type ControlPlane,
  controlPlaneMilliseconds,
  controlPlaneSandbox,
  startControlPlane,
} from '../support/control-plane.js';
import { output, useNetwork } from '../support/guest.js';
import { programmedState } from '../support/node-state.js';
import { eventually, processesWith, signal } from '../support/processes.js';
import { randomNumbers } from '../support/walk.js';

/** A long run: ten minutes are enough for every leak of a few kilobytes a change. */
const minutes = Number(process.env.KPROXY_SOAK_MINUTES ?? 10);
const seed = Number(process.env.KPROXY_SEED ?? 1);

const master = '192.168.33.10';
/** One kproxy keeps running, and shows what grows. The other one is killed again and again. */
const steady = 'inajob';
const killed = 'yuanying';
const watchOptions = (node: string) => ['sync', '--watch', '--node', node, '--cluster-cidr', '10.244.0.0/16'];

/** Choices that a seed decides. */
interface Random {
  pick<Some>(from: readonly Some[]): Some;
  /** Returns a whole number below this one. */
  upTo(limit: number): number;
}

function randomFrom(start: number): Random {
  const random = randomNumbers(start);
  const upTo = (limit: number) => Math.floor(random() * limit);
  return { upTo, pick: from => from[upTo(from.length)] as (typeof from)[number] };
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const service = (index: number, { pick, upTo }: Random): KubernetesObject & Readonly<Record<string, unknown>> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `soak-${index}` },
  spec: {
    type: pick(['ClusterIP', 'NodePort']),
    ports: [
      { name: 'web', port: 80, protocol: 'TCP', targetPort: 8080 },
      ...(upTo(2) === 0 ? [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 8080 }] : []),
    ],
    externalIPs: upTo(3) === 0 ? [`198.51.100.${index + 1}`] : [],
  },
});

const slice = (index: number, { upTo }: Random): KubernetesObject & Readonly<Record<string, unknown>> => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `soak-${index}-a`, labels: { 'kubernetes.io/service-name': `soak-${index}` } } as { name: string },
  addressType: 'IPv4',
  ports: [
    { name: 'web', port: 8080, protocol: 'TCP' },
    { name: 'dns', port: 8080, protocol: 'UDP' },
  ],
  endpoints: Array.from({ length: upTo(6) }, (_, pod) => ({
    addresses: [`10.244.${1 + (pod % 2)}.${2 + upTo(3)}`],
    conditions: { ready: true },
  })).filter(({ addresses }, at, all) => all.findIndex(one => one.addresses[0] === addresses[0]) === at),
});

/** What must not grow. */
interface Usage {
  /** Of the steady kproxy, in kilobytes. */
  readonly memory: number;
  readonly descriptors: number;
  /** Of the whole guest. */
  readonly processes: number;
  readonly temporaryFiles: number;
  readonly flows: number;
  readonly draining: number;
}

describe('a kproxy that runs for long', () => {
  const sandbox = useNetwork(undefined, controlPlaneSandbox);
  let cluster: ControlPlane;
  let watches: Record<string, RunningCommand>;

  const succeed = ({ exitCode, stdout, stderr }: CommandResult): string => {
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  };
  const apply = (objects: readonly object[]) =>
    cluster.kubectl(['apply', '-f', '-'], objects.map(object => JSON.stringify(object)).join('\n')).then(succeed);
  const onSteady = (script: string) => output(sandbox(), ['sh', '-c', script], { namespace: steady });
  const numberOf = async (script: string) => Number((await onSteady(script)).trim());
  const watchOf = async (node: string) => {
    const [id] = await processesWith(sandbox(), `kproxy.js .*sync --watch --node ${node}`);
    return id;
  };
  const start = (node: string) => cluster.watch(node, watchOptions(node));

  beforeAll(async () => {
    cluster = await startControlPlane(sandbox(), 'master', master);
    watches = { [steady]: start(steady), [killed]: start(killed) };
  }, controlPlaneMilliseconds);

  async function usage(): Promise<Usage> {
    const id = await watchOf(steady);
    return {
      memory: await numberOf(`awk '/^VmRSS/ {print $2}' /proc/${id}/status`),
      descriptors: await numberOf(`ls /proc/${id}/fd | wc -l`),
      processes: await numberOf("ls /proc | grep -c '^[0-9]'"),
      temporaryFiles: await numberOf('find /tmp /run -xdev -not -path "/tmp/control-plane/*" | wc -l'),
      flows: await numberOf('cat /proc/sys/net/netfilter/nf_conntrack_count'),
      draining: await numberOf("ipvsadm -S -n | grep -c -- '-w 0$' || true"),
    };
  }

  /** Kills something that kproxy starts, or a whole kproxy, which is started again as a service manager does. */
  async function kill({ pick }: Random): Promise<void> {
    const victim = pick(['kubectl', 'tool', 'KILL', 'TERM'] as const);
    if (victim === 'tool') {
      await sandbox().run(['sh', '-c', 'pkill -9 -x ipset; pkill -9 -x ipvsadm; pkill -9 iptables; true']);
      return;
    }
    const pattern = victim === 'kubectl' ? 'kubectl .*proxy --unix-socket' : `kproxy.js .*--node ${killed}`;
    const ids = await processesWith(sandbox(), pattern);
    if (ids.length > 0) await signal(sandbox(), victim === 'TERM' ? 'TERM' : 'KILL', ids).catch(() => {});
    if (victim === 'kubectl') return;
    await watches[killed]?.result;
    watches[killed] = start(killed);
  }

  async function churn(random: Random): Promise<void> {
    const index = random.upTo(30);
    if (random.upTo(4) === 0) {
      const names = [`service/soak-${index}`, `endpointslice/soak-${index}-a`];
      succeed(await cluster.kubectl(['delete', '--ignore-not-found', ...names]));
    } else {
      // A Service keeps its type: changing it is a change of its node ports, which the API server may refuse.
      await cluster.kubectl(['create', '-f', '-'], JSON.stringify(service(index, random)));
      await apply([slice(index, random), slice(random.upTo(30), random)]);
    }
    const vips = [...(await onSteady('ipvsadm -S -n')).matchAll(/^-A -t (10\.[\d.]+):80 /gm)].map(
      ([, vip = '']) => vip,
    );
    const asked = vips.slice(0, 2).map(address => ({ from: steady, address, port: 80 }) as const);
    if (asked.length > 0) await requests(sandbox(), asked);
  }

  /** Both nodes have what the API server has, and nothing is in between. */
  async function settled(): Promise<void> {
    const state = async () => JSON.stringify(await programmedState(sandbox(), steady));
    let last = '';
    await eventually(
      async () => {
        const now = await state();
        const isSame = now === last;
        last = now;
        await new Promise(resolve => setTimeout(resolve, 3_000));
        return isSame;
      },
      isSame => isSame,
    );
  }

  test(
    `has nothing that grows after ${minutes} minutes of changes and kills, and its node is as a fresh one`,
    async () => {
      const random = randomFrom(seed);
      const end = performance.now() + minutes * 60_000;
      const quarters: Usage[] = [];
      let steps = 0;
      while (performance.now() < end) {
        await churn(random);
        if (steps % 5 === 4) await kill(random);
        steps += 1;
        const isDue = performance.now() > end - minutes * 60_000 * (1 - (quarters.length + 1) / 4);
        if (isDue) {
          await settled();
          quarters.push(await usage());
        }
      }
      console.log(JSON.stringify({ steps, quarters }));
      const [early, late] = [quarters[0], quarters.at(-1)] as [Usage, Usage];
      expect(late.memory).toBeLessThan(early.memory * 1.25 + 15_000);
      expect(Math.abs(late.descriptors - early.descriptors)).toBeLessThan(6);
      expect(late.processes).toBeLessThan(early.processes + 6);
      expect(late.temporaryFiles).toBeLessThan(early.temporaryFiles + 6);
      expect(late.flows).toBeLessThan(early.flows + 2_000);

      for (const node of [steady, killed]) {
        const before = await eventually(
          () => programmedState(sandbox(), node),
          ({ ipvs }) => !ipvs.some(line => line.endsWith('-w 0')),
          120_000,
        );
        const ids = await processesWith(sandbox(), `kproxy.js .*--node ${node}`);
        await signal(sandbox(), 'TERM', ids);
        await watches[node]?.result;
        succeed(await cluster.kproxy(node, ['cleanup']));
        const once = ['sync', '--node', node, '--cluster-cidr', '10.244.0.0/16'];
        expect(await cluster.kproxy(node, once)).toMatchObject({ exitCode: 0, stderr: '' });
        expect(before).toEqual(await programmedState(sandbox(), node));
      }
    },
    (minutes + 15) * 60_000,
  );
});
