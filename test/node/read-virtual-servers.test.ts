import { expect, test } from 'vitest';
import { keyOf } from '../../src/node/kinds/index.js';
import { readConnections, readListing, readVirtualServers } from '../../src/node/read-virtual-servers.js';
import { collected } from '../support/collected.js';
import { fakeNode, freshKernel } from '../support/fake-node/index.js';

/** A node with virtual servers that have a real server with three connections each. */
function nodeWith(servers: number, foreignServers: number) {
  const kernel = freshKernel({ foreignServers });
  kernel.modules.add('ip_vs');
  for (let index = 1; index <= servers; index += 1) {
    const real = { address: '10.244.1.1', port: index, weight: 1, forwarding: 'masquerade' as const };
    kernel.servers.set(`TCP 10.254.0.${index}:80`, {
      ...{
        protocol: 'TCP',
        address: `10.254.0.${index}`,
        port: 80,
        scheduler: 'rr',
        flags: [],
        persistence: undefined,
      },
      realServers: new Map([[`10.244.1.1:${index}`, { ...real, connections: { active: 2, inactive: 1 } }]]),
    });
  }
  return fakeNode(kernel);
}

const programs = (node: ReturnType<typeof nodeWith>) => node.commands.map(({ argv }) => argv.join(' '));
const countOf = (elements: readonly { kind: string }[], kind: string) =>
  elements.filter(element => element.kind === kind).length;

test('a long listing that has all takes no process', async () => {
  const node = nodeWith(200, 0);
  expect(countOf(collected(await readVirtualServers(node, await readListing(node))), 'virtual-server')).toBe(200);
  expect((await readConnections(node)).size).toBe(200);
  expect(programs(node)).toEqual([]);
});

test('a listing of one page has all, whatever other network namespaces hold', async () => {
  const node = nodeWith(20, 500);
  expect(countOf(collected(await readVirtualServers(node, await readListing(node))), 'virtual-server')).toBe(20);
  expect(programs(node)).toEqual([]);
});

test('a listing that may lack some is not believed: ipvsadm tells all of them, and their connections', async () => {
  const node = nodeWith(200, 200);
  expect((await node.readFile('/proc/net/ip_vs'))?.match(/^TCP/gm)?.length).toBeLessThan(200);
  const elements = collected(await readVirtualServers(node, await readListing(node)));
  expect(countOf(elements, 'virtual-server')).toBe(200);
  const realServers = elements.filter(element => element.kind === 'real-server');
  expect(realServers.map(real => real.connections)).toEqual(Array(200).fill({ active: 2, inactive: 1 }));
  const connections = await readConnections(node);
  expect([...connections.keys()].sort()).toEqual(realServers.map(keyOf).sort());
  expect(connections.get('real-server TCP 10.254.0.7:80 10.244.1.1:7')).toEqual({ active: 2, inactive: 1 });
  expect(programs(node)).toEqual(['ipvsadm -S -n', 'ipvsadm -L -n', 'ipvsadm -L -n']);
});
