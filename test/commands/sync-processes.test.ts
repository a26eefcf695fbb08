import { describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { type FakeNode, fakeNode, runCommand } from '../support/fake-node/index.js';
import { sync, tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, serviceObject } from '../support/sample-objects.js';
import { syncOnce } from '../support/synced-node.js';

const programs = (node: FakeNode, from = 0): readonly string[] =>
  node.commands.slice(from).map(({ argv }) => argv.slice(0, 2).join(' '));

/** What a sync without changes starts. */
const reading = ['ip -d', 'ipset save', 'ip6tables-save', 'iptables-save'];

describe('sync of the tutorial’s cluster', () => {
  test('starts 14 processes: 7 change the node, 4 read it, and 3 read back what has changed', async () => {
    const node = fakeNode();
    await sync(node);
    expect(node.commands).toHaveLength(14);
    expect(node.changing).toHaveLength(7);
    expect(node.commands.length).toBeLessThanOrEqual(20);
  });

  test('only reads the second time, the thresholds of real servers too', async () => {
    const node = fakeNode();
    await sync(node);
    const before = { commands: node.commands.length, bytes: node.inputBytes };
    await sync(node);
    expect([...programs(node, before.commands)].sort()).toEqual([...reading, 'ipvsadm -L'].sort());
    expect(node.inputBytes).toBe(before.bytes);
  });

  test('starts one more process for session affinity, which reads the timeouts in seconds', async () => {
    const node = fakeNode();
    await sync(node, {
      stdin: JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          serviceObject('web', '10.96.0.1', { sessionAffinity: 'ClientIP' }),
          endpointsObject('web', ['10.244.1.3']),
        ],
      }),
    });
    const before = node.commands.length;
    await syncOnce(node, clusterOf(1), tutorialProxy);
    expect(programs(node, before)).toContain('ipvsadm -S');
  });
});

const address = (network: string, index: number) => `${network}.${Math.floor(index / 200)}.${(index % 200) + 1}`;

/** Returns Services with two endpoints each. */
function clusterOf(services: number): Cluster {
  const objects = Array.from({ length: services }, (_, index) => [
    serviceObject(`s${index}`, address('10.96', index)),
    endpointsObject(`s${index}`, [address('10.244', index), address('10.245', index)]),
  ]).flat();
  return checkObjects(objects.map(value => ({ source: 'test', value }))).cluster;
}

interface Size {
  readonly services: number;
  readonly node: FakeNode;
  readonly cold: readonly string[];
  readonly coldBytes: number;
  readonly again: readonly string[];
  readonly oneMore: readonly string[];
  readonly oneMoreBytes: number;
  readonly rules: number;
}

async function measure(services: number): Promise<Size> {
  const node = fakeNode();
  await syncOnce(node, clusterOf(services), tutorialProxy);
  const [cold, coldBytes, coldCount] = [programs(node), node.inputBytes, node.commands.length];
  await syncOnce(node, clusterOf(services), tutorialProxy);
  const [again, before] = [programs(node, coldCount), node.commands.length];
  await syncOnce(node, clusterOf(services + 1), tutorialProxy);
  const rules = runCommand(node.kernel, { argv: ['iptables-save'] }).stdout.match(/^-A/gm)?.length ?? 0;
  const oneMoreBytes = node.inputBytes - coldBytes;
  return { services, node, cold, coldBytes, again, oneMore: programs(node, before), oneMoreBytes, rules };
}

test('the numbers of processes and rules do not grow with the number of Services', async () => {
  const sizes = [await measure(400), await measure(1_000), await measure(10_000)];
  const [small] = sizes;
  for (const size of sizes) {
    expect(size.node.kernel.servers.size).toBe(size.services + 1);
    expect({ ...size, node: 0, services: 0, coldBytes: 0, oneMoreBytes: 0 }).toEqual({
      ...small,
      node: 0,
      services: 0,
      coldBytes: 0,
      oneMoreBytes: 0,
    });
    // One more Service is a few lines: two entries, an address, a virtual server and two real servers.
    expect(size.oneMoreBytes).toBeLessThan(600);
  }
  expect(small?.again).toHaveLength(reading.length);
  expect(small?.cold).toHaveLength(11);
  expect(small?.rules).toBeLessThan(20);
  const perService = ((sizes[2]?.coldBytes ?? 0) - (sizes[1]?.coldBytes ?? 0)) / 9_000;
  expect(perService).toBeLessThan(400);
}, 60_000);
