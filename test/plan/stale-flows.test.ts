import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { familyOf } from '../../src/net/address.js';
import type { Element, Flow } from '../../src/node/element.js';
import { nodeState } from '../../src/node/state.js';
import type { UdpFlow } from '../../src/node/tools/conntrack.js';
import { StaleFlows } from '../../src/plan/stale-flows.js';
import { type FakeNode, fakeNode, Killed, parse, print } from '../support/fake-node/index.js';
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

  test('all to real servers stay if a further real server is added', async () => {
    const node = await nodeServing(['10.244.1.3'], ['10.244.1.3']);
    const before = node.changing.length;
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3', '10.244.1.4'])) });
    expect(flowsOn(node)).toBe(flow('10.244.1.3'));
    expect(node.changing.slice(before).map(({ argv }) => argv[0])).not.toContain('conntrack');
  });

  test('those without an answer stay while there is no real server', async () => {
    const node = await nodeServing([], [vip]);
    await sync(node, { stdin: listText(...udpObjects(vip, [])) });
    expect(flowsOn(node)).toBe(flow(vip));
  });

  test('they are removed last, because the next packet to a present real server would recreate its flow', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.3']);
    const before = node.changing.length;
    await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.4'])) });
    expect(node.changing.slice(before).map(({ argv }) => argv.join(' '))).toEqual([
      'ipvsadm --restore',
      `conntrack -D -p udp -d ${vip} --dport 53`,
    ]);
  });

  test('those of IPv6 are removed with the family', async () => {
    const node = await nodeServing(['fd00:244:1::3', 'fd00:244:1::4'], ['fd00:244:1::3'], 'fd00:96::9');
    await sync(node, { stdin: listText(...udpObjects('fd00:96::9', ['fd00:244:1::4'])) });
    expect(node.changing.at(-1)?.argv.join(' ')).toBe('conntrack -D -f ipv6 -p udp -d fd00:96::9 --dport 53');
    expect(flowsOn(node)).toBe('');
  });

  test('those to a port that a backend has left are removed, and those to its new port stay', async () => {
    const serving = (port: number) => {
      const [service = {}] = udpObjects(vip, []);
      return listText(service, endpointsObject('dns', ['10.244.1.3'], [{ port, protocol: 'UDP' }]));
    };
    const node = fakeNode();
    await sync(node, { stdin: serving(5353) });
    const toPort = (port: number) => flow('10.244.1.3').replace('\n', ` --reply-port-src ${port}\n`);
    parse(toPort(5353) + toPort(5354), node.kernel);
    await sync(node, { stdin: serving(5354) });
    expect(flowsOn(node)).toBe(toPort(5354));
  });
});

describe('UDP flows that an earlier run has left', () => {
  const objects = listText(...udpObjects(vip, ['10.244.1.3']));
  const foreign = flow('10.244.1.9', '10.96.0.99');

  test('are found from themselves, and those of live backends and of others stay', async () => {
    const node = await nodeServing(['10.244.1.3'], ['10.244.1.3', '10.244.1.9', '10.244.1.8', vip]);
    parse(foreign, node.kernel);
    const { stdout } = await sync(node, { stdin: objects });
    expect(flowsOn(node)).toBe(flow('10.244.1.3') + foreign);
    expect(stdout).toBe('node inajob: 0 added, 0 changed, 3 removed\n');
    expect((await sync(node, { stdin: objects })).stdout).toBe('node inajob: in sync, nothing changed\n');
  });

  test('are removed after a run that was killed between ipvsadm and conntrack', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.3', '10.244.1.4']);
    node.trouble = { at: node.changing.length + 1, how: { is: 'killed after' } };
    expect((await sync(node, { stdin: objects })).error?.cause).toBeInstanceOf(Killed);
    expect(node.changing.at(-1)?.argv.join(' ')).toBe('ipvsadm --restore');
    expect(flowsOn(node)).toContain('10.244.1.4');
    await sync(node, { stdin: objects });
    expect(flowsOn(node)).toBe(flow('10.244.1.3'));
  });

  test('are in the script of a dry run, which removes the same', async () => {
    const node = await nodeServing(['10.244.1.3'], ['10.244.1.3', '10.244.1.9']);
    const { stdout } = await sync(node, { stdin: objects, dryRun: true });
    expect(stdout).toContain(`conntrack -D -p udp -d ${vip} --dport 53 -r 10.244.1.9 --reply-port-src 5353`);
    expect(stdout).not.toContain('10.244.1.3');
    expect(flowsOn(node)).toContain('10.244.1.9');
  });

  test('are left where other software has a virtual server in an excluded network', async () => {
    const node = fakeNode();
    parse(`ipvsadm -A -u ${vip}:53 -s rr\n${flow('10.244.1.9')}`, node.kernel);
    await sync(node, { stdin: listText(serviceObject('web', '10.96.0.1')), proxy: { excludeCidrs: [`${vip}/32`] } });
    expect(flowsOn(node)).toBe(flow('10.244.1.9'));
  });
});

describe('a conntrack that cannot be read', () => {
  const failed = { exitCode: 1, stdout: '', stderr: 'conntrack v1.4.7: Operation failed: Permission denied\n' };

  test('is a remark if no flow has to go', async () => {
    const node = await nodeServing(['10.244.1.3'], []);
    node.broken.set('conntrack -L', failed);
    const { exitCode, stderr, stdout } = await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.1.3'])) });
    expect(stderr).toMatch(/^stale UDP flows are not looked for: .*`conntrack -L -p udp -d 10.96.0.9\/32` failed/);
    expect([exitCode, stdout]).toEqual([0, 'node inajob: in sync, nothing changed\n']);
  });

  test('is an error if a real server was removed, and the next run finds the flow', async () => {
    const node = await nodeServing(['10.244.1.3', '10.244.1.4'], ['10.244.1.4']);
    const objects = listText(...udpObjects(vip, ['10.244.1.3']));
    node.broken.set('conntrack -L', failed);
    const { error, exitCode } = await sync(node, { stdin: objects });
    expect([error?.code, error?.evidence, exitCode]).toEqual(['apply-failed', failed.stderr.trim(), 5]);
    node.broken.clear();
    await sync(node, { stdin: objects });
    expect(flowsOn(node)).toBe('');
  });
});

test('flows of TCP are never looked for, because its connections end by themselves', async () => {
  const node = fakeNode();
  await sync(node, { stdin: listText(serviceObject('web', vip), endpointsObject('web', ['10.244.1.3'])) });
  await sync(node, { stdin: listText(serviceObject('web', vip), endpointsObject('web', ['10.244.1.4'])) });
  expect(node.commands.map(({ argv }) => argv[0])).not.toContain('conntrack');
});

test('a thousand endpoints that go at once cost one look at the table, and one deletion', async () => {
  const endpoints = Array.from(
    { length: 1000 },
    (_, index) => `10.244.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  );
  const node = await nodeServing(endpoints, endpoints);
  const before = node.commands.length;
  await sync(node, { stdin: listText(...udpObjects(vip, ['10.244.9.9'])) });
  expect(flowsOn(node)).toBe('');
  const runs = node.commands.slice(before).filter(({ argv }) => argv[0] === 'conntrack');
  expect(runs.map(({ argv }) => argv.join(' '))).toEqual([
    'conntrack -L -p udp -d 10.96.0.9/32',
    'conntrack -D -p udp -d 10.96.0.9 --dport 53',
  ]);
});

describe('the filters that delete stale flows', () => {
  const place = (index: number) => ({ address: `10.96.${Math.floor(index / 200)}.${(index % 200) + 1}`, port: 53 });
  const server = (index: number): Element => ({
    ...{ kind: 'real-server', server: { protocol: 'UDP', ...place(index) } },
    ...{ address: '10.244.0.1', port: 5353, weight: 1, forwarding: 'masquerade' },
  });

  /** Returns the flows that a set of filters matches. */
  const matched = (flows: readonly UdpFlow[], filters: readonly Flow[]) =>
    flows.filter(flow =>
      filters.some(
        ({ address, port, backend = flow.backend, backendPort = flow.backendPort }) =>
          [address, port, backend, backendPort].join() ===
          [flow.address, flow.port, flow.backend, flow.backendPort].join(),
      ),
    );

  const randomFlow = (places: number) =>
    fc
      .record({ place: fc.nat(places - 1), backend: fc.constantFrom('10.244.0.1', '10.244.0.2', '10.244.0.3') })
      .map(({ place: index, backend }): UdpFlow => ({ ...place(index), backend, backendPort: 5353 }));

  test('match exactly the stale ones as long as they are few', () =>
    fc.assert(
      fc.property(fc.array(randomFlow(5), { maxLength: 60 }), flows => {
        const places = [0, 1, 2, 3];
        const stale = new StaleFlows(places.map(place), nodeState(places.map(server)));
        for (const flow of flows) stale.add(flow);
        const judged = flows.filter(({ address }) => address !== place(4).address);
        expect(matched(flows, stale.filters())).toEqual(judged.filter(({ backend }) => backend !== '10.244.0.1'));
      }),
    ));

  test('are a hundred for one port with thousands of stale and live backends, or one for the whole port', () => {
    const filtersFor = (count: number) => {
      const stale = new StaleFlows([place(0)], nodeState([server(0)]));
      stale.add({ ...place(0), backend: '10.244.0.1', backendPort: 5353 });
      for (let port = 1; port <= count; port++) stale.add({ ...place(0), backend: '10.244.7.7', backendPort: port });
      return stale.filters();
    };
    expect(filtersFor(100)).toHaveLength(100);
    expect(filtersFor(101)).toEqual([{ kind: 'flow', ...place(0) }]);
  });
});
