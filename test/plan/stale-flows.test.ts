import { describe, expect, test } from 'vitest';
import { type FakeNode, fakeNode } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject, udpObjects } from '../support/sample-objects.js';

const vip = '10.96.0.9';
const flow = (backend: string, address = vip) => ({ address, port: 53, backend });

/** A node that serves DNS from these endpoints, with a flow to each of these backends. */
async function nodeServing(
  endpoints: readonly string[],
  backends: readonly string[],
  address = vip,
): Promise<FakeNode> {
  const node = fakeNode();
  await sync(node, { stdin: listText(...udpObjects(address, endpoints)) });
  for (const backend of backends) node.kernel.flows.add(flow(backend, address));
  return node;
}

const backends = ({ kernel }: FakeNode): readonly string[] => [...kernel.flows].map(({ backend }) => backend);

describe('UDP flows', () => {
  test('to a real server that goes are taken out, the others stay', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.3', '10.244.1.4']);
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.4'])) });
    expect(backends(node)).toEqual(['10.244.1.4']);
  });

  test('of a Service that goes are all taken out', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.3', '10.244.1.4']);
    await sync(node, { stdin: listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.9'])) });
    expect(backends(node)).toEqual([]);
  });

  test('that nobody has answered are taken out when the first real server comes', async () => {
    const node = await nodeServing([], [vip]);
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3'])) });
    expect(backends(node)).toEqual([]);
  });

  test('stay where a further real server comes', async () => {
    const node = await nodeServing(['10.244.1.3'], ['10.244.1.3', vip]);
    const before = node.changing.length;
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3', '10.244.1.4'])) });
    expect(backends(node)).toEqual(['10.244.1.3', vip]);
    expect(node.changing.slice(before).map(({ argv }) => argv[0])).not.toContain('conntrack');
  });

  test('go last: until its real server is gone, the next packet would bring a flow back', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.3']);
    const before = node.changing.length;
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.4'])) });
    expect(node.changing.slice(before).map(({ argv }) => argv.join(' '))).toEqual([
      'ipvsadm --restore',
      'tee /run/kproxy-flows',
      'conntrack -R /run/kproxy-flows',
    ]);
    expect(node.changing.at(-2)?.input).toBe(`-D -p udp -d ${vip} --dport 53 -r 10.244.1.3\n`);
  });

  test('of IPv6 are named as such', async () => {
    const node = await nodeServing(['fd00:244:1::3', 'fd00:244:1::4'], ['fd00:244:1::3'], 'fd00:96::9');
    await sync(node, { stdin: listText(...udpObjects('fd00:96::9', ['fd00:244:1::4'])) });
    expect(node.changing.at(-2)?.input).toBe('-D -f ipv6 -p udp -d fd00:96::9 --dport 53 -r fd00:244:1::3\n');
    expect(backends(node)).toEqual([]);
  });

  test('of a backend that has two ports are named once', async () => {
    const node = fakeNode();
    const ports = (...numbers: readonly number[]) => numbers.map(port => ({ port, protocol: 'UDP', name: `p${port}` }));
    const service = serviceObject('dns', vip, { ports: [{ name: 'p5353', port: 53, protocol: 'UDP' }] });
    const two = { ...service, spec: { clusterIP: vip, ports: [{ name: 'p5353', port: 53, protocol: 'UDP' }] } };
    await sync(node, { stdin: listText(two, endpointsObject('dns', ['10.244.1.3'], ports(5353))) });
    const again = serviceObject('dns', vip, { ports: [{ name: 'p5354', port: 53, protocol: 'UDP' }] });
    await sync(node, { stdin: listText(again, endpointsObject('dns', ['10.244.1.3', '10.244.1.4'], ports(5354))) });
    expect(node.changing.find(({ argv }) => argv[0] === 'tee' && argv[1]?.startsWith('/run'))?.input).toBe(
      `-D -p udp -d ${vip} --dport 53 -r 10.244.1.3\n`,
    );
  });
});

test('TCP has none: its connections end by themselves', async () => {
  const node = fakeNode();
  await sync(node, { stdin: listText(serviceObject('web', vip), endpointsObject('web', ['10.244.1.3'])) });
  await sync(node, { stdin: listText(serviceObject('web', vip), endpointsObject('web', ['10.244.1.4'])) });
  expect(node.changing.map(({ argv }) => argv[0])).not.toContain('conntrack');
});

test('a node in sync is not asked for its flows', async () => {
  const node = await nodeServing(['10.244.1.3'], ['10.244.1.9']);
  const before = node.commands.length;
  await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3'])) });
  expect(node.commands.slice(before).some(({ argv }) => argv[0] === 'conntrack')).toBe(false);
});
