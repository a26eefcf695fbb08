import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { familyOf } from '../../src/net/address.js';
import { hostNetwork, isInNetwork } from '../../src/net/network.js';
import type { Element, Flow } from '../../src/node/element.js';
import { nodeState } from '../../src/node/state.js';
import type { UdpFlow } from '../../src/node/tools/conntrack.js';
import { StaleFlows } from '../../src/plan/stale-flows.js';
import { type FakeNode, fakeNode, Killed, parse, print } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject, udpObjects } from '../support/sample-objects.js';
import { programmedNode, sliceObject } from '../sync/support/programmed-node.js';

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

describe('a thousand UDP Services that go at once', () => {
  const vipOf = (index: number) => `10.96.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const served = Array.from({ length: 1001 }, (_, index) => ({
    service: serviceObject(`s${index}`, vipOf(index), { ports: [{ port: 53, protocol: 'UDP' }] }),
    slice: sliceObject(`s${index}`, ['10.244.1.3', '10.244.1.4'], { protocol: 'UDP', port: 5353 }),
  }));
  const [last, others] = [served.at(500), served.toSpliced(500, 1)];
  const objectsOf = (some: typeof served) => some.flatMap(({ service, slice }) => [service, slice]);
  const kept = flow('10.244.1.3', vipOf(500)) + flow('10.244.9.9', '10.96.200.1');

  async function nodeWithFlows() {
    const node = await programmedNode(objectsOf(served));
    const flows = served.map((_, index) => flow('10.244.1.3', vipOf(index))).join('');
    parse(flows + flow('10.244.9.9', '10.96.200.1'), node.node.kernel);
    return node;
  }

  test('cost few deletions, and the flows of a Service between them stay', async () => {
    const node = await nodeWithFlows();
    const processes = await node.processes(() => node.remove(...objectsOf(others)));
    expect(flowsOn(node.node)).toBe(kept);
    const runs = processes.filter(line => line.startsWith('conntrack'));
    expect(runs.filter(line => line.startsWith('conntrack -L'))).toEqual(['conntrack -L -p udp -d 10.96.0.0/21']);
    expect(runs.length).toBeLessThan(20);
  });

  test('take a line each in a script, however many endpoints they have', async () => {
    const { node } = await nodeWithFlows();
    const stdin = listText(...(last === undefined ? [] : objectsOf([last])));
    const { stdout } = await sync(node, { stdin, dryRun: true, script: 'batch' });
    expect(stdout.match(/^-D -p udp .*$/gm)).toHaveLength(1000);
    expect(stdout).toContain('\n-D -p udp -d 10.96.0.1 --dport 53\n');
  });
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
        ({ address, port = flow.port, backend = flow.backend, backendPort = flow.backendPort }) =>
          isInNetwork(flow.address, address.includes('/') ? address : hostNetwork(address)) &&
          [port, backend, backendPort].join() === [flow.port, flow.backend, flow.backendPort].join(),
      ),
    );

  const live = '10.244.0.1';
  const flowTo = (index: number, backend: string, port = 53, backendPort = 5353): UdpFlow => ({
    ...{ ...place(index), port },
    ...{ backend, backendPort },
  });
  const many = Array.from({ length: 1000 }, (_, index) => index);
  /** Returns the filters for flows if these VIPs are kproxy's, whose only real server is the live one. */
  const filtersFor = (places: readonly number[], flows: readonly UdpFlow[]) => {
    const stale = new StaleFlows(places.map(place), nodeState(places.map(server)));
    for (const flow of flows) stale.add(flow);
    return stale.filters();
  };

  const randomFlow = (places: number) =>
    fc
      .tuple(
        fc.nat(places - 1),
        fc.constantFrom(live, '10.244.0.2', '10.244.0.3'),
        fc.constantFrom(53, 53, 53, 54),
        fc.constantFrom(5353, 5353, 5354),
      )
      .map(args => flowTo(...args));

  test('match exactly the stale ones as long as they are few', () =>
    fc.assert(
      fc.property(fc.array(randomFlow(60), { maxLength: 150 }), flows => {
        const isJudged = ({ address, port }: UdpFlow) => port === 53 && address !== place(59).address;
        const isLive = ({ backend, backendPort }: UdpFlow) => backend === live && backendPort === 5353;
        const stale = flows.filter(flow => isJudged(flow) && !isLive(flow));
        const filters = filtersFor(many.slice(0, 59), flows);
        fc.pre(filters.length <= 100);
        expect(matched(flows, filters)).toEqual(stale);
      }),
      { numRuns: 300 },
    ));

  test('are a few networks for a thousand VIPs at once, around live flows and those of other software', () => {
    const stale = many.map(index => flowTo(index, '10.244.7.7'));
    const others = [flowTo(77, live), flowTo(500, live), flowTo(1000, '192.0.2.1'), flowTo(3, '192.0.2.1', 54)];
    const flows = [
      ...stale.filter(({ address }) => ![77, 500].map(at => place(at).address).includes(address)),
      ...others,
    ];
    const filters = filtersFor(many, flows);
    expect(filters.length).toBeLessThan(30);
    expect(matched(flows, filters)).toEqual(flows.slice(0, 998));
  });

  test('are one for each backend that is gone, if a thousand VIPs still have others', () => {
    const flows = many.flatMap(index => [flowTo(index, `10.244.7.${index % 20}`), flowTo(index, live)]);
    const filters = filtersFor(many, flows);
    expect(filters).toHaveLength(20);
    expect(matched(flows, filters)).toEqual(flows.filter(({ backend }) => backend !== live));
  });

  test('have an address if they are few, so that flows that begin meanwhile are not among theirs', () => {
    const flows = many.slice(0, 10).map(index => flowTo(index, '10.244.7.7'));
    expect(filtersFor(many.slice(0, 10), flows)).toEqual(
      many.slice(0, 10).map(index => ({ kind: 'flow', ...place(index) })),
    );
  });

  test('may match live flows of kproxy if a hundred do not suffice, but none of other software', () => {
    const backend = (index: number) => `10.244.${1 + Math.floor(index / 200)}.${(index % 200) + 1}`;
    const crowded = (count: number) => [
      ...many.slice(0, count).map(index => flowTo(0, backend(index))),
      ...[flowTo(0, live), flowTo(1, live), flowTo(1, '10.244.7.7'), flowTo(0, '192.0.2.1', 54)],
    ];
    const lost = (flows: readonly UdpFlow[]) => matched(flows, filtersFor([0, 1], flows));
    const [enough, tooMany] = [crowded(99), crowded(100)];
    expect(lost(enough)).toEqual(enough.filter((flow, index) => index < 99 || flow.backend === '10.244.7.7'));
    // The live flow of the second VIP stays also then: its port has one stale backend only.
    expect(lost(tooMany)).toEqual([...tooMany.slice(0, 101), flowTo(1, '10.244.7.7')]);
  });

  const isOdd = (index: number) => index % 2 === 1;
  test.each([
    ['each second VIP has live flows only', many, () => live],
    ['a client sends packets to all addresses between', many.filter(isOdd), (index: number) => place(index).address],
  ])('are few also if %s', (_, own, backendOf) => {
    const staying = (index: number) => flowTo(index, backendOf(index), 53, backendOf(index) === live ? 5353 : 53);
    const flows = many.map(index => (isOdd(index) ? flowTo(index, `10.245.0.${index % 250}`) : staying(index)));
    const foreign = flowTo(1000, '192.0.2.1');
    const filters = filtersFor(own, [...flows, foreign]);
    expect(filters.length).toBeLessThan(20);
    expect(
      matched(
        flows.filter((_, index) => isOdd(index)),
        filters,
      ),
    ).toHaveLength(500);
    expect(matched([foreign], filters)).toEqual([]);
  });
});
