import { expect, test } from 'vitest';
import type { Finding } from '../../src/node/finding.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { readConnections, readListing, readVirtualServers } from '../../src/node/read-virtual-servers.js';
import { type FakeNode, fakeNode, freshKernel, parse } from '../support/fake-node/index.js';

/** Returns a node with virtual servers that have one real server each, with three connections. */
function nodeWith(servers: number, foreignServers: number): FakeNode {
  const lines = Array.from(
    { length: servers },
    (_, index) => `ipvsadm -A -t 10.254.0.${index + 1}:80 -s rr
ipvsadm -a -t 10.254.0.${index + 1}:80 -r 10.244.1.1:${index + 1} -m -w 1 # ActiveConn 2 InActConn 1`,
  );
  return fakeNode(parse(['modprobe ip_vs', ...lines].join('\n'), freshKernel({ foreignServers })));
}

const programs = (node: FakeNode) => node.commands.map(({ argv }) => argv.join(' '));
const read = async (node: FakeNode): Promise<readonly Finding[]> => [
  ...(await readVirtualServers(node, await readListing(node))),
];
const ofKind = <Kind extends Finding['kind']>(findings: readonly Finding[], kind: Kind) =>
  findings.filter((finding): finding is Extract<Finding, { kind: Kind }> => finding.kind === kind);

test('a complete listing of several pages is read without a process', async () => {
  const node = nodeWith(200, 0);
  expect(ofKind(await read(node), 'virtual-server')).toHaveLength(200);
  expect((await readConnections(node)).size).toBe(200);
  expect(programs(node)).toEqual([]);
});

test.each([20, 42, 60])(
  'beside other network namespaces, all %i virtual servers are read, however short the listing is',
  async count => {
    const node = nodeWith(count, 500);
    expect(ofKind(await read(node), 'virtual-server')).toHaveLength(count);
    expect(programs(node)).toEqual(['ipvsadm -S -n', 'ipvsadm -L -n']);
  },
);

test('a node without virtual servers needs no ipvsadm, whatever other network namespaces have', async () => {
  const node = nodeWith(0, 500);
  expect(ofKind(await read(node), 'virtual-server')).toEqual([]);
  expect(programs(node)).toEqual([]);
});

test('if a listing may lack some virtual servers, ipvsadm lists all of them and their connections', async () => {
  const node = nodeWith(200, 200);
  expect((await node.readFile('/proc/net/ip_vs'))?.match(/^TCP/gm)?.length).toBeLessThan(200);
  const findings = await read(node);
  expect(ofKind(findings, 'virtual-server')).toHaveLength(200);
  const realServers = ofKind(findings, 'real-server').map(keyOf).sort();
  expect(realServers).toHaveLength(200);
  const counts = ofKind(findings, 'connections');
  expect(counts.map(({ realServer }) => realServer).sort()).toEqual(realServers);
  for (const count of counts) expect(count).toMatchObject({ active: 2, inactive: 1 });
  const connections = await readConnections(node);
  expect([...connections.keys()].sort()).toEqual(realServers);
  expect(connections.get('real-server TCP 10.254.0.7:80 10.244.1.1:7')).toMatchObject({ active: 2, inactive: 1 });
  expect(programs(node)).toEqual(['ipvsadm -S -n', 'ipvsadm -L -n', 'ipvsadm -L -n']);
});
