import { describe, expect, test } from 'vitest';
import { familyOf } from '../../src/net/address.js';
import { type FakeNode, fakeNode, parse, print } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject, udpObjects } from '../support/sample-objects.js';

const vip = '10.96.0.9';
const flow = (backend: string, address = vip): string =>
  `conntrack -I ${familyOf(address) === 'IPv6' ? '-f ipv6 ' : ''}-p udp -d ${address} --dport 53 -r ${backend}\n`;

/** Returns a node that serves DNS from these endpoints, with a flow to each of these backends. */
async function nodeServing(
  endpoints: readonly string[],
  backends: readonly string[],
  address = vip,
): Promise<FakeNode> {
  const node = fakeNode();
  await sync(node, { stdin: listText(...udpObjects(address, endpoints)) });
  parse(backends.map(backend => flow(backend, address)).join(''), node.kernel);
  return node;
}

const flowsOn = ({ kernel }: FakeNode): string => print(kernel, 'conntrack');

describe('UDP flows:', () => {
  test('those to a removed real server are removed, and the others stay', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.3', '10.244.1.4']);
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.4'])) });
    expect(flowsOn(node)).toBe(flow('10.244.1.4'));
  });

  test('those of a removed Service are removed', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.3', '10.244.1.4']);
    await sync(node, { stdin: listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.9'])) });
    expect(flowsOn(node)).toBe('');
  });

  test('those without an answer are removed when the first real server is added', async () => {
    const node = await nodeServing([], [vip]);
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3'])) });
    expect(flowsOn(node)).toBe('');
  });

  test('all stay if a further real server is added', async () => {
    const node = await nodeServing(['10.244.1.3'], ['10.244.1.3', vip]);
    const before = node.changing.length;
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3', '10.244.1.4'])) });
    expect(flowsOn(node)).toBe(flow('10.244.1.3') + flow(vip));
    expect(node.changing.slice(before).map(({ argv }) => argv[0])).not.toContain('conntrack');
  });

  test('they are removed last, because the next packet to a present real server would recreate its flow', async () => {
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

  test('those of IPv6 are removed with the family', async () => {
    const node = await nodeServing(['fd00:244:1::3', 'fd00:244:1::4'], ['fd00:244:1::3'], 'fd00:96::9');
    await sync(node, { stdin: listText(...udpObjects('fd00:96::9', ['fd00:244:1::4'])) });
    expect(node.changing.at(-2)?.input).toBe('-D -f ipv6 -p udp -d fd00:96::9 --dport 53 -r fd00:244:1::3\n');
    expect(flowsOn(node)).toBe('');
  });

  test('those to a backend that has two ports are removed once', async () => {
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

test('flows of TCP are never removed, because its connections end by themselves', async () => {
  const node = fakeNode();
  await sync(node, { stdin: listText(serviceObject('web', vip), endpointsObject('web', ['10.244.1.3'])) });
  await sync(node, { stdin: listText(serviceObject('web', vip), endpointsObject('web', ['10.244.1.4'])) });
  expect(node.changing.map(({ argv }) => argv[0])).not.toContain('conntrack');
});

test('on a node in sync conntrack is not run', async () => {
  const node = await nodeServing(['10.244.1.3'], ['10.244.1.9']);
  const before = node.commands.length;
  await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3'])) });
  expect(node.commands.slice(before).some(({ argv }) => argv[0] === 'conntrack')).toBe(false);
});
