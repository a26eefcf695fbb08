import { beforeAll, expect, test } from 'vitest';
import { requests } from '../../../src/sandbox/network/request.js';
import { outcomeOf } from '../packets/support/table.js';
import { useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { deadlyTools } from './support/deadly-tools.js';
import { prepareForTraffic } from './support/machines.js';
import { node, topology } from './support/network.js';
import { dumpNode, type NodeDump, restoreDump } from './support/node-dump.js';
import { clusterDocument, fromStdin } from './support/services.js';
import { apiServer, flows, handling, services } from './support/shop.js';
import { slowTools } from './support/slow-tools.js';
import { converse, rightOutcomes, startTraffic, wrongOutcomes } from './support/traffic.js';

const cluster = clusterDocument([apiServer, ...Object.values(services)]);

const sandbox = useNetwork(topology);
let right: NodeDump;

type Damage = (ipset: string) => string;

/** Removes repeated lines, because two ports of one VIP have one address. */
const withoutRepetitions = (text: string): string => [...new Set(text.split('\n'))].join('\n');

/** Changes sets so that kproxy must recreate them. Every packet still takes the right way. */
const anotherType: Damage = ipset =>
  withoutRepetitions(
    ipset
      .replace(/^(create KUBE-CLUSTER-IP) hash:ip,port/m, '$1 hash:ip')
      .replace(/^(add KUBE-CLUSTER-IP [\d.]+),\S+/gm, '$1'),
  );
const tooSmall: Damage = ipset => ipset.replaceAll('maxelem 65536', 'maxelem 32');

const restoreDamaged = (damage: Damage): Promise<void> =>
  restoreDump(sandbox(), node, { ...right, ipset: damage(right.ipset) });

/** Every fourth boundary is tested, or all with KPROXY_BOUNDARIES=all. Each takes seconds. */
const stride = process.env.KPROXY_BOUNDARIES === 'all' ? 1 : 4;

beforeAll(async () => {
  await prepareForTraffic(sandbox());
  expect(await kproxy(sandbox(), node, fromStdin('sync'), cluster)).toMatchObject({ exitCode: 0 });
  right = await dumpNode(sandbox(), node);
});

test.each([
  ['one set of another type', anotherType, 'lines'],
  ['all sets too small', tooSmall, 1],
] as const)(
  '%s: kproxy sync recreates them, and no connection notices',
  async (_, damage, parts) => {
    await restoreDamaged(damage);
    const traffic = await startTraffic(sandbox(), flows, 1);
    const open = await converse(sandbox(), flows);
    const before = await open.ask();
    const earlier = await traffic.part();
    const slow = await slowTools(sandbox(), { parts, connections: 5 });
    expect(await slow.kproxy(node, fromStdin('sync'), cluster)).toMatchObject({ stderr: '', exitCode: 0 });
    const meanwhile = await traffic.part();
    expect(await open.ask()).toEqual(before);
    const later = await traffic.end();
    await open.close();
    for (const tally of [earlier, meanwhile, later])
      expect(wrongOutcomes(tally, flows, flow => [handling(flow)])).toEqual({});
    expect(Object.keys(meanwhile)).toHaveLength(flows.length);
    expect(await dumpNode(sandbox(), node)).toEqual(right);
  },
  300_000,
);

test.each(['steps', 'batch'])('the %s script recreates them too, and may be run twice', async script => {
  await restoreDamaged(anotherType);
  const argv = fromStdin('sync', '--dry-run', '--script', script);
  const { stdout: input } = await kproxy(sandbox(), node, argv, cluster);
  expect(input).toContain('KUBE+CLUSTER-IP');
  for (const _ of ['once', 'twice']) {
    expect(await sandbox().run(['sh'], { namespace: node, input })).toMatchObject({ stderr: '', exitCode: 0 });
    expect(await dumpNode(sandbox(), node)).toEqual(right);
  }
});

test('kproxy is killed at any command of that: every Service works, and the next run finishes', async () => {
  const tools = await deadlyTools(sandbox(), node);
  const toVips = flows.filter(({ address }) => address.startsWith('10.254.'));
  await restoreDamaged(anotherType);
  const whole = await tools.kproxy(fromStdin('sync'), cluster);
  expect(whole.commands.length).toBeGreaterThan(5);
  for (let count = stride; count < whole.commands.length; count += stride) {
    const when = `killed after ${count} commands: ${whole.commands.slice(0, count).join(', ')}`;
    await restoreDamaged(anotherType);
    expect((await tools.kproxy(fromStdin('sync'), cluster, count)).result.exitCode, when).toBe(137);
    const answers = await requests(sandbox(), toVips);
    const wrong = toVips.filter(
      (flow, index) =>
        !rightOutcomes(flow, handling(flow)).includes(outcomeOf(answers[index] ?? { outcome: 'timeout' })),
    );
    expect(wrong, when).toEqual([]);
    expect(await kproxy(sandbox(), node, fromStdin('sync'), cluster), when).toMatchObject({ exitCode: 0 });
    expect(await dumpNode(sandbox(), node), when).toEqual(right);
  }
}, 300_000);
