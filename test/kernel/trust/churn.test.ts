import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { request } from '../../../src/sandbox/network/request.js';
import { output, useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { backendsAt, churn, handlingsBetween, type Moment, optionsAt, servicesAt } from './support/churning.js';
import { prepareForTraffic } from './support/machines.js';
import { node, topology } from './support/network.js';
import { dumpNode } from './support/node-dump.js';
import { clusterDocument, fromStdin, type ServiceDescription } from './support/services.js';
import { apiServer, flows, services } from './support/shop.js';
import { slowTools } from './support/slow-tools.js';
import {
  type Conversations,
  converse,
  type Flow,
  startTraffic,
  type Traffic,
  wrongOutcomes,
} from './support/traffic.js';

/** KPROXY_SEED and KPROXY_CHURN_STEPS select other and longer sequences of changes. */
const seed = Number(process.env.KPROXY_SEED ?? 1);
const steps = Number(process.env.KPROXY_CHURN_STEPS ?? 4);

const sandbox = useNetwork(topology);
const onNode = (...argv: string[]) => output(sandbox(), argv, { namespace: node });

beforeAll(() => prepareForTraffic(sandbox()));
beforeEach(async () => {
  expect(await kproxy(sandbox(), node, ['cleanup'])).toMatchObject({ exitCode: 0 });
});

/** Syncs, and returns the last line of what that printed. */
async function sync(services: readonly ServiceDescription[], options: readonly string[] = []): Promise<string> {
  const { stdout, ...rest } = await kproxy(sandbox(), node, fromStdin('sync', ...options), clusterDocument(services));
  expect(rest).toMatchObject({ stderr: '', exitCode: 0 });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

/** Returns the real servers that are draining, as `VIP:PORT REAL-SERVER`. */
async function draining(): Promise<readonly string[]> {
  const servers = await onNode('ipvsadm', '-S', '-n');
  return [...servers.matchAll(/^-a \S+ (\S+) -r (\S+) -m -w 0$/gm)].map(([, vip, server]) => `${vip} ${server}`).sort();
}

/** Waits until IPVS has forgotten the connections of all draining real servers. */
async function untilIdle(): Promise<void> {
  const busy = 'ipvsadm -L -n | awk \'$1 == "->" && $4 == 0 && $5 + $6 > 0\'';
  while ((await onNode('sh', '-c', busy)) !== '') await new Promise(resolve => setTimeout(resolve, 500));
}

/** Checks that nothing is draining any more, and that the node is as one that never had anything else. */
async function expectNothingLeft(
  services: readonly ServiceDescription[],
  options: readonly string[] = [],
): Promise<void> {
  await sync(services, options);
  expect(await draining()).toEqual([]);
  const left = await dumpNode(sandbox(), node);
  await kproxy(sandbox(), node, ['cleanup']);
  await sync(services, options);
  expect(left).toEqual(await dumpNode(sandbox(), node));
}

describe('a removed backend or Service', () => {
  const { web, dns } = services;
  const removed: ServiceDescription = {
    name: 'removed',
    clusterIps: ['10.254.2.1'],
    ports: [{ protocol: 'tcp', port: 80 }],
    backends: ['far-1'],
  };
  const to = (address: string, protocol: Flow['protocol'], port: number, times: number): readonly Flow[] =>
    Array.from({ length: times }, (_, index) => ({
      name: `${address}-${index}`,
      from: 'client',
      protocol,
      address,
      port,
    }));
  const cluster = (
    webBackends: readonly string[],
    dnsBackends: readonly string[],
    more: readonly ServiceDescription[],
  ) => [apiServer, { ...web, backends: webBackends }, { ...dns, backends: dnsBackends }, ...more];
  const before = cluster(web.backends, dns.backends, [removed]);
  const after = cluster(['near-2', 'far-1'], ['far-1'], []);
  const back = cluster(['near-1', 'near-2', 'far-1'], ['far-1'], []);
  const oneLeft = cluster(['near-2'], ['far-1'], []);

  /** Returns the backends that answer new connections, sorted. */
  async function answering(address: string): Promise<readonly string[]> {
    const traffic = await startTraffic(sandbox(), to(address, 'tcp', 80, 12), 1);
    const outcomes = Object.values(await traffic.end()).flatMap(Object.keys);
    return [...new Set(outcomes.map(outcome => outcome.split(' ')[0] ?? ''))].sort();
  }

  test('serves its open connections until they are closed', async () => {
    await sync(before);
    const open = await converse(sandbox(), [...to('10.254.1.1', 'tcp', 80, 4), ...to('10.254.2.1', 'tcp', 80, 1)]);
    const datagrams = await converse(sandbox(), to('10.254.1.2', 'udp', 53, 4));
    const answeredBy = await open.ask();
    expect(new Set(Object.values(await datagrams.ask()))).toEqual(
      new Set(['near-1 saw 10.244.1.9', 'far-1 saw 10.244.1.9']),
    );

    await sync(after);
    const left = ['10.254.1.1:80 10.244.1.3:8080', '10.254.1.1:80 10.244.2.4:8080', '10.254.2.1:80 10.244.2.3:8080'];
    expect(await draining()).toEqual(left);
    expect(await open.ask()).toEqual(answeredBy);
    expect(new Set(Object.values(await datagrams.ask()))).toEqual(new Set(['far-1 saw 10.244.1.9']));
    expect(await answering('10.254.1.1')).toEqual(['far-1', 'near-2']);
    expect(await sync(after)).toBe('node node: in sync, nothing changed');
    const [newOne] = to('10.254.2.1', 'tcp', 80, 1);
    expect(newOne && (await request(sandbox(), newOne))).toMatchObject({ outcome: 'refused' });

    await sync(back);
    expect(await draining()).toEqual(left.slice(1));
    expect(await open.ask()).toEqual(answeredBy);
    expect(await answering('10.254.1.1')).toEqual(['far-1', 'near-1', 'near-2']);

    await sync(oneLeft);
    expect(await open.ask()).toEqual(answeredBy);
    await open.close();
    await untilIdle();
    await expectNothingLeft(oneLeft);
  }, 300_000);
});

describe(`Services, endpoints and options change under traffic (seed ${seed}, ${steps} steps)`, () => {
  const overUdp = flows.filter(({ protocol }) => protocol === 'udp');
  const overTcp = flows.filter(({ protocol }) => protocol === 'tcp');

  /** Connections that stay open, and the backend that answered first on each. */
  interface Open {
    readonly conversations: Conversations;
    readonly answeredBy: Readonly<Record<string, string>>;
  }
  const open: Open[] = [];
  let datagrams: Conversations;
  let traffic: Traffic;

  async function openAll(): Promise<void> {
    const conversations = await converse(sandbox(), overTcp);
    open.push({ conversations, answeredBy: await conversations.ask() });
  }

  async function expectNoEffect(step: number, before: Moment, now: Moment): Promise<void> {
    const wrong = wrongOutcomes(await traffic.part(), flows, flow => handlingsBetween([before, now], flow));
    expect({ step, wrong }).toEqual({ step, wrong: {} });
    for (const { conversations, answeredBy } of open)
      expect({ step, open: await conversations.ask() }).toEqual({ step, open: answeredBy });
    const moved = await datagrams.ask();
    for (const flow of overUdp)
      expect(backendsAt(now, flow), `step ${step}`).toContain(moved[flow.name]?.split(' saw ')[0]);
  }

  test(
    'no connection is lost, refused or wrongly masqueraded',
    async () => {
      const [first, ...others] = churn({ seed, steps }) as [Moment, ...Moment[]];
      await sync(servicesAt(first), optionsAt(first));
      traffic = await startTraffic(sandbox(), flows, 5);
      datagrams = await converse(sandbox(), overUdp);
      const slow = await slowTools(sandbox(), { parts: 3, connections: 2 });

      let before = first;
      for (const [step, moment] of others.entries()) {
        if (step % 4 === 0) await openAll();
        const synced = await slow.kproxy(
          node,
          fromStdin('sync', ...optionsAt(moment)),
          clusterDocument(servicesAt(moment)),
        );
        expect({ step, ...synced }).toMatchObject({ step, stderr: '', exitCode: 0 });
        await expectNoEffect(step, before, moment);
        before = moment;
      }

      await traffic.end();
      for (const { conversations } of [...open, { conversations: datagrams }]) await conversations.close();
      await untilIdle();
      await expectNothingLeft(servicesAt(before), optionsAt(before));
    },
    60_000 + steps * 20_000,
  );
});
