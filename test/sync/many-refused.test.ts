import { describe, expect, test } from 'vitest';
import { fakeNode } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { ipvsOf, type ProgrammedNode, programmedNode, sliceObject } from './support/programmed-node.js';

const changing = (line: string): boolean => / (--)?restore|-batch|^ip addr|^ipvsadm -[^SL]|^ipset (add|del)/.test(line);

const externalIPs = Array.from({ length: 50 }, (_, at) => `192.0.2.${at + 1}`);
const ports = Array.from({ length: 10 }, (_, at) => ({ name: `p${at}`, port: 1_000 + at }));

/** One endpoint that the kernel does not take, behind 510 virtual servers, and one that it takes. */
const large = [
  serviceObject('large', '10.96.0.9', { externalIPs, ports }),
  {
    ...(sliceObject('large', ['10.10.0.0', '10.244.1.9']) as object),
    ports: ports.map(({ name, port }) => ({ name, protocol: 'TCP', port })),
  },
];
const good = [serviceObject('good', '10.96.0.1'), sliceObject('good', ['10.244.1.3'])];
const other = [serviceObject('other', '10.96.0.2'), sliceObject('other', ['10.10.0.0', '10.244.1.4'])];

const withEndpoint = ({ ipvs }: ProgrammedNode, address: string): number =>
  ipvs().filter(line => line.includes(` -r ${address}:`)).length;

/** Returns the number of processes that change the node, and of all. */
async function count(node: ProgrammedNode, work: () => Promise<unknown>): Promise<{ changing: number; all: number }> {
  const lines = await node.processes(work);
  return { changing: lines.filter(changing).length, all: lines.length };
}

describe('hundreds of refused real servers', () => {
  test('take a few processes, in the first sync, the next full sync, and a change of another Service', async () => {
    const node = await programmedNode(good);
    node.node.kernel.refusals.set('-r 10.10.0.0:', 'Invalid operation');
    const first = await count(node, () => node.put(...large));
    expect(withEndpoint(node, '10.244.1.9')).toBe(510);
    expect(first.all).toBeLessThan(50);
    const next = await count(node, () => node.programmer.syncAll());
    expect(next.changing).toBe(1);
    expect(next.all).toBeLessThan(20);
    expect((await count(node, () => node.put(sliceObject('good', ['10.244.1.5'])))).all).toBe(1);
  });

  test('are all there as soon as the kernel takes them', async () => {
    const node = await programmedNode(good);
    node.node.kernel.refusals.set('-r 10.10.0.0:', 'Invalid operation');
    const { desired } = await node.put(...large);
    expect(desired.problems[0]).toContain('(ipvsadm -a -t 10.96.0.9:1000 -r 10.10.0.0:1000 -m: Invalid operation)');
    node.node.kernel.refusals.clear();
    const after = await node.programmer.syncAll();
    expect(after.desired.problems).toEqual([]);
    expect(withEndpoint(node, '10.10.0.0')).toBe(510);
  });

  test('take a few processes in each run without --watch', async () => {
    const node = fakeNode();
    node.kernel.refusals.set('-r 10.244.7.', 'Invalid operation');
    const addresses = Array.from({ length: 250 }, (_, at) => `10.244.7.${at + 1}`);
    const services = ['a', 'b', 'c', 'd'].flatMap((name, at) => [
      serviceObject(name, `10.96.1.${at}`),
      endpointsObject(name, addresses),
    ]);
    const stdin = listText(...services, serviceObject('good', '10.96.0.1'), endpointsObject('good', ['10.244.1.3']));
    for (let run = 1; run <= 2; run += 1) {
      const before = node.commands.length;
      expect((await sync(node, { stdin })).exitCode).toBe(3);
      expect({ run, isFew: node.commands.length - before < 70 }).toEqual({ run, isFew: true });
      expect(ipvsOf(node)).toContain('-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1');
    }
  });

  test('are tried less and less often, and at once when the node has changed', async () => {
    const node = await programmedNode(good);
    node.node.kernel.refusals.set('-r 10.10.0.0:', 'Invalid operation');
    await node.put(...large);
    const tries: number[] = [];
    for (let sync = 1; sync <= 16; sync += 1)
      if ((await count(node, () => node.programmer.syncAll())).changing > 0) tries.push(sync);
    expect(tries).toEqual([1, 3, 7, 15]);
    node.node.kernel.refusals.clear();
    node.node.kernel.links.get('eth0')?.addresses.push({ address: '10.1.9.9', prefix: 24 });
    await node.programmer.syncAll();
    await node.programmer.syncAll();
    expect(withEndpoint(node, '10.10.0.0')).toBe(510);
  });
});

describe('an endpoint with a broadcast address of the node', () => {
  test('is learned from the first refusal, and no other Service tries it', async () => {
    const node = await programmedNode(good);
    node.node.kernel.broadcasts.add('10.10.0.0');
    const { desired } = await node.put(...large);
    expect(desired.problems).toEqual([
      'EndpointSlice default/large-1: endpoints[0].addresses[0]: is not unicast but a broadcast address ' +
        'in this node\'s local routes and is left out: "10.10.0.0"',
    ]);
    expect(withEndpoint(node, '10.244.1.9')).toBe(510);
    expect(await count(node, () => node.programmer.syncAll())).toMatchObject({ changing: 0 });
    expect(await node.processes(() => node.put(...other))).not.toContain('ipvsadm -S -n');
    expect(node.ipvs()).toContain('-a -t 10.96.0.2:80 -r 10.244.1.4:8080 -m -w 1');
  });

  test('is served by every Service at the next full sync after the route is gone', async () => {
    const node = await programmedNode(good);
    node.node.kernel.broadcasts.add('10.10.0.0');
    await node.put(...large, ...other);
    node.node.kernel.broadcasts.clear();
    const { desired } = await node.programmer.syncAll();
    expect(desired.problems).toEqual([]);
    expect(withEndpoint(node, '10.10.0.0')).toBe(511);
  });

  test('is no reason to leave out a VIP with that address, or an endpoint that was refused elsewhere', async () => {
    const node = await programmedNode(good);
    node.node.kernel.broadcasts.add('10.10.0.0');
    node.node.kernel.refusals.set('-t 10.96.0.9:80 -r 10.244.1.4:', 'no');
    await node.put(
      serviceObject('odd', '10.96.0.9', { externalIPs: ['10.10.0.0'] }),
      sliceObject('odd', ['10.10.0.0', '10.244.1.4']),
    );
    await node.put(...other);
    expect(node.ipvs()).toContain('-A -t 10.10.0.0:80 -s rr');
    expect(node.ipvs()).toContain('-a -t 10.10.0.0:80 -r 10.244.1.4:8080 -m -w 1');
    expect(node.ipvs()).toContain('-a -t 10.96.0.2:80 -r 10.244.1.4:8080 -m -w 1');
    expect(node.ipvs().join()).not.toContain('-t 10.96.0.9:80 -r 10.244.1.4:');
  });
});

describe('many refusals of other kinds', () => {
  test('addresses take a few processes, and the others are bound', async () => {
    const node = await programmedNode(good);
    for (const word of ['addr add 192.0.2.', 'addr replace 192.0.2.']) node.node.kernel.refusals.set(word, 'no');
    const first = await count(node, () =>
      node.put(...large.slice(0, 1), sliceObject('large', ['10.244.1.9']), ...other),
    );
    expect(first.all).toBeLessThan(60);
    const bound = node.node.kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address);
    expect(bound?.sort()).toEqual(['10.96.0.1', '10.96.0.2', '10.96.0.9']);
    expect((await count(node, () => node.programmer.syncAll())).changing).toBe(1);
  });

  test('entries are bounded in each sync, and all that the kernel takes are there after some', async () => {
    const node = await programmedNode(good);
    node.node.kernel.refusals.set('KUBE-EXTERNAL-IP 192.0.2.', 'Hash is full, cannot add more elements');
    const { desired } = await node.put(...large);
    expect(desired.problems.join()).toContain('Hash is full');
    expect((await count(node, () => node.put(...other))).all).toBeLessThan(20);
    for (let sync = 1; sync <= 3; sync += 1)
      expect((await count(node, () => node.programmer.syncAll())).all).toBeLessThan(250);
    expect(node.ipvs()).toContain('-a -t 10.96.0.2:80 -r 10.244.1.4:8080 -m -w 1');
    node.node.kernel.refusals.clear();
    for (let sync = 1; sync <= 16; sync += 1) await node.programmer.syncAll();
    expect(withEndpoint(node, '10.244.1.9')).toBe(510);
  });

  test('virtual servers behind a line that ends ipvsadm are made, with their real servers', async () => {
    const node = await programmedNode(good, { proxy: { ipvsTimeouts: { tcp: 9_000_000, tcpFin: 0, udp: 0 } } });
    expect(node.ipvs()).toContain('-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1');
    const { desired } = await node.put(...large, ...other);
    expect(desired.problems).toEqual([expect.stringContaining('IPVS timeouts TCP 9000000 s is refused')]);
    expect(withEndpoint(node, '10.10.0.0')).toBe(511);
  });

  test('a hundred schedulers that the kernel does not have take a few processes', async () => {
    const node = await programmedNode(good);
    const many = Array.from({ length: 100 }, (_, at) => {
      const object = serviceObject(`s${at}`, `10.96.1.${at}`) as { readonly metadata: object };
      const annotations = { 'kube-router.io/service.scheduler': `fancy${at}` };
      return [{ ...object, metadata: { ...object.metadata, annotations } }, sliceObject(`s${at}`, ['10.244.1.9'])];
    });
    expect((await count(node, () => node.put(...many.flat()))).all).toBeLessThan(40);
    expect((await count(node, () => node.programmer.syncAll())).changing).toBe(1);
    expect(withEndpoint(node, '10.244.1.9')).toBe(100);
  });
});
