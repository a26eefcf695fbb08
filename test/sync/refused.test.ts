import { describe, expect, test } from 'vitest';
import { type FakeNode, fakeNode, freshKernel, runCommand } from '../support/fake-node/index.js';
import type { FakeSet } from '../support/fake-node/kernel.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { ipvsOf, programmedNode, sliceObject } from './support/programmed-node.js';

/** Returns the addresses of the IPVS device. */
const vips = ({ kernel }: FakeNode): readonly string[] =>
  (kernel.links.get('kube-ipvs0')?.addresses ?? []).map(({ address }) => address).sort();

const entries = ({ kernel }: FakeNode, set: string): readonly string[] => [...(kernel.sets.get(set)?.entries ?? [])];

/** Makes the kernel refuse an address in both forms in which it is added. */
function refuseAddress({ kernel }: FakeNode, address: string, word = 'no'): void {
  for (const part of [`addr add ${address} `, `addr replace ${address}/`]) kernel.refusals.set(part, word);
}

const service = (name: string, address: string, spec: object = {}) => [
  serviceObject(name, address, spec),
  endpointsObject(name, ['10.244.1.3', '10.244.1.4']),
];
const services = listText(
  ...service('good', '10.96.0.1'),
  ...service('odd', '10.96.0.9', { externalIPs: ['192.0.2.9'] }),
  ...service('other', '10.96.0.2'),
);

describe('what the kernel refuses is left out alone and named: ', () => {
  test('an address, while the Service’s other addresses are served', async () => {
    const node = fakeNode();
    refuseAddress(node, '192.0.2.9', 'Invalid argument');
    const { exitCode, stderr, stdout } = await sync(node, { stdin: services });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        'default/odd: address 192.0.2.9/32 on kube-ipvs0 is refused by this node and left out ' +
        '(ip addr add 192.0.2.9 dev kube-ipvs0: RTNETLINK answers: Invalid argument)\n',
    });
    expect(stdout).toMatch(/^node inajob: 45 added, 1 changed, 0 removed$/m);
    expect(vips(node)).toEqual(['10.96.0.1', '10.96.0.2', '10.96.0.9']);
    expect(ipvsOf(node).filter(line => line.startsWith('-A'))).toHaveLength(4);
  });

  test('a virtual server, without which its address is not bound and its entries are not there', async () => {
    const node = fakeNode();
    node.kernel.refusals.set('-t 10.96.0.9:80', 'Memory allocation problem');
    const { exitCode, stderr } = await sync(node, { stdin: services });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        'default/odd: virtual server TCP 10.96.0.9:80 rr is refused by this node and left out ' +
        '(ipvsadm -A -t 10.96.0.9:80 -s rr: Memory allocation problem)\n',
    });
    expect(vips(node)).toEqual(['10.96.0.1', '10.96.0.2', '192.0.2.9']);
    expect(entries(node, 'KUBE-CLUSTER-IP')).toEqual(['10.96.0.1,tcp:80', '10.96.0.2,tcp:80']);
    expect(ipvsOf(node).filter(line => line.startsWith('-A'))).toHaveLength(3);
  });

  test('an entry, without which its address and port are not served', async () => {
    const node = fakeNode();
    node.kernel.refusals.set('KUBE-CLUSTER-IP 10.96.0.9,', 'Hash is full, cannot add more elements');
    const { exitCode, stderr } = await sync(node, { stdin: services });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('default/odd: entry 10.96.0.9,tcp:80 in KUBE-CLUSTER-IP is refused by this node');
    expect(vips(node)).toEqual(['10.96.0.1', '10.96.0.2', '192.0.2.9']);
  });

  test('an entry, also while its set is recreated', async () => {
    const node = fakeNode();
    await sync(node, { stdin: services });
    const set = node.kernel.sets.get('KUBE-CLUSTER-IP');
    node.kernel.sets.set('KUBE-CLUSTER-IP', { ...(set as FakeSet), family: 'IPv6', entries: new Set() });
    for (const name of ['KUBE-CLUSTER-IP', 'KUBE+CLUSTER-IP'])
      node.kernel.refusals.set(`${name} 10.96.0.9,`, 'Hash is full, cannot add more elements');
    const { exitCode, stderr } = await sync(node, { stdin: services });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('default/odd: entry 10.96.0.9,tcp:80 in KUBE-CLUSTER-IP is refused by this node');
    expect(entries(node, 'KUBE-CLUSTER-IP')).toEqual(['10.96.0.1,tcp:80', '10.96.0.2,tcp:80']);
    expect([...node.kernel.sets.keys()].filter(name => name.includes('+'))).toEqual([]);
  });

  test('a real server, while the others get the connections', async () => {
    const node = fakeNode();
    node.kernel.refusals.set('-a -t 10.96.0.9:80 -r 10.244.1.4', 'Invalid operation');
    const { exitCode, stderr } = await sync(node, { stdin: services });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('default/odd: real server 10.244.1.4:8080 of TCP 10.96.0.9:80');
    expect(ipvsOf(node)).toHaveLength(11);
  });

  test('a setting of the node', async () => {
    const node = fakeNode();
    node.kernel.refusals.set('net/ipv4/vs/expire_nodest_conn', 'read-only');
    const { exitCode, stderr } = await sync(node, { stdin: services });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^sysctl net\.ipv4\.vs\.expire_nodest_conn = 1 is refused by this node \(tee .*\)\n$/);
    expect(ipvsOf(node)).toHaveLength(12);
  });

  test('several at once, of which each is found', async () => {
    const node = fakeNode();
    const many = Array.from({ length: 40 }, (_, index) => service(`s${index}`, `10.96.1.${index + 1}`)).flat();
    for (const index of [3, 4, 29]) node.kernel.refusals.set(`-A -t 10.96.1.${index}:80`, 'no');
    for (const index of [11, 12]) refuseAddress(node, `10.96.1.${index}`);
    const { exitCode, stderr } = await sync(node, { stdin: listText(...many) });
    expect(exitCode).toBe(3);
    expect(stderr.match(/^default\/s\d+: /gm)?.sort()).toEqual(
      [2, 28, 3, 10, 11].map(index => `default/s${index}: `).sort(),
    );
    expect(vips(node)).toHaveLength(35);
    expect(ipvsOf(node).filter(line => line.startsWith('-A'))).toHaveLength(37);
  });
});

describe('a refused change of what is there', () => {
  test('leaves it as it is, and the Service is served', async () => {
    const node = fakeNode();
    await sync(node, { stdin: services });
    const before = ipvsOf(node);
    node.kernel.refusals.set('-E -t 10.96.0.9:80', 'no');
    const changed = listText(
      ...service('good', '10.96.0.1'),
      ...service('odd', '10.96.0.9', { sessionAffinity: 'ClientIP' }),
    );
    const { exitCode, stderr } = await sync(node, { stdin: changed });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      'default/odd: virtual server TCP 10.96.0.9:80 rr persistent 10800 is refused by this node',
    );
    expect(ipvsOf(node)).toEqual(before.filter(line => !/10\.96\.0\.2|192\.0\.2\.9/.test(line)));
  });
});

test('a refused removal leaves the element, and everything else goes', async () => {
  const node = fakeNode();
  await sync(node, { stdin: services });
  node.kernel.refusals.set('addr del 10.96.0.9', 'no');
  const { exitCode, stderr } = await sync(node, { stdin: listText(...service('good', '10.96.0.1')) });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('address 10.96.0.9/32 on kube-ipvs0 cannot be removed by this node (ip addr del 10.96.0.9');
  expect(vips(node)).toEqual(['10.96.0.1', '10.96.0.9']);
  expect(ipvsOf(node)).toHaveLength(3);
});

test('a virtual server that cannot be removed is named by each run, and known to cleanup', async () => {
  const node = fakeNode();
  await sync(node, { stdin: services });
  node.kernel.refusals.set('-D -t 10.96.0.9:80', 'no');
  const fewer = listText(...service('good', '10.96.0.1'), ...service('other', '10.96.0.2'));
  for (let run = 1; run <= 2; run += 1) {
    const { exitCode, stderr } = await sync(node, { stdin: fewer });
    expect({ run, exitCode }).toEqual({ run, exitCode: 3 });
    expect(stderr).toContain('virtual server TCP 10.96.0.9:80 rr cannot be removed by this node');
    expect(vips(node)).toEqual(['10.96.0.1', '10.96.0.2']);
  }
  node.kernel.refusals.clear();
  await sync(node, { stdin: fewer });
  expect(ipvsOf(node).join()).not.toContain('10.96.0.9');
  expect(entries(node, 'KUBE-CLUSTER-IP')).toEqual(['10.96.0.1,tcp:80', '10.96.0.2,tcp:80']);
});

test('many refused endpoints of one Service stop nothing, in any run', async () => {
  const node = fakeNode();
  const addresses = Array.from({ length: 40 }, (_, index) => `10.244.7.${index + 1}`);
  node.kernel.refusals.set('-r 10.244.7.', 'address not unicast');
  const bad = [serviceObject('bad', '10.96.0.7'), endpointsObject('bad', addresses)];
  for (let run = 1; run <= 3; run += 1) {
    const { exitCode, stderr, stdout } = await sync(node, { stdin: listText(...service('good', '10.96.0.1'), ...bad) });
    expect({ run, exitCode }).toEqual({ run, exitCode: 3 });
    expect(stderr.trim().split('\n')).toHaveLength(21);
    expect(stderr).toContain('and 20 more such lines about Service default/bad');
    if (run > 1) expect(stdout).toBe('node inajob: nothing changed; not all is served, see the errors\n');
  }
});

test('a node that accepts nothing at all is an error, after a few attempts', async () => {
  const node = fakeNode();
  node.kernel.refusals.set('-A ', 'Permission denied (you must be root)');
  const many = Array.from({ length: 100 }, (_, index) => service(`s${index}`, `10.96.1.${index + 1}`)).flat();
  expect(await sync(node, { stdin: listText(...many) })).toMatchObject({
    exitCode: 5,
    error: { code: 'apply-failed', evidence: expect.stringContaining('Permission denied (you must be root)') },
  });
  expect(node.commands.length).toBeLessThan(100);
});

describe('sync --watch', () => {
  const good = [serviceObject('good', '10.96.0.1'), sliceObject('good', ['10.244.1.3'])];
  const odd = [serviceObject('odd', '10.96.0.9'), sliceObject('odd', ['10.244.1.3'])];

  async function nodeThatRefuses(...parts: readonly string[]) {
    const node = await programmedNode(good);
    for (const part of parts) node.node.kernel.refusals.set(part, 'no');
    const { desired } = await node.put(...odd);
    return { node, problems: desired.problems, refused: desired.refused };
  }

  test('goes on with all other Services, and changes them with as few processes as ever', async () => {
    const { node, problems, refused } = await nodeThatRefuses('-A -t 10.96.0.9:80');
    expect(problems).toEqual([expect.stringContaining('default/odd: virtual server TCP 10.96.0.9:80')]);
    expect(refused).toEqual(problems);
    expect(vips(node.node)).toEqual(['10.96.0.1']);
    const processes = await node.processes(() => node.put(sliceObject('good', ['10.244.1.4'])));
    expect(processes).toEqual(['ipvsadm --restore']);
    expect(await node.processes(() => node.put(sliceObject('odd', ['10.244.1.5'])))).toEqual([]);
  });

  test('tries it again at the sync period, with one process, and serves it as soon as it is accepted', async () => {
    const { node } = await nodeThatRefuses('-A -t 10.96.0.9:80');
    const all = await node.processes(() => node.programmer.syncAll());
    expect(all.filter(line => / (--)?restore|-batch/.test(line))).toEqual(['ipvsadm --restore']);
    node.node.kernel.refusals.clear();
    // It was refused once more, so it is the turn of the sync after the next.
    await node.programmer.syncAll();
    const { desired } = await node.programmer.syncAll();
    expect(desired.problems).toEqual([]);
    expect(vips(node.node)).toEqual(['10.96.0.1', '10.96.0.9']);
    expect(node.ipvs()).toContain('-a -t 10.96.0.9:80 -r 10.244.1.3:8080 -m -w 1');
  });

  test('tries hundreds of refused endpoints again with one process', async () => {
    const node = await programmedNode(good);
    node.node.kernel.refusals.set('-r 10.244.7.', 'no');
    await node.put(
      odd[0] as object,
      sliceObject(
        'odd',
        Array.from({ length: 200 }, (_, at) => `10.244.7.${at + 1}`),
      ),
    );
    const all = await node.processes(() => node.programmer.syncAll());
    expect(all.filter(line => / (--)?restore|-batch/.test(line))).toEqual(['ipvsadm --restore']);
    expect(node.ipvs()).toContain('-A -t 10.96.0.9:80 -s rr');
  });

  test('tries it again when the Service asks for something else', async () => {
    const { node } = await nodeThatRefuses('-A -t 10.96.0.9:80');
    node.node.kernel.refusals.set('-A -t 10.96.0.9:80', 'still no');
    const changed = serviceObject('odd', '10.96.0.9', { ports: [{ port: 81 }] });
    const { desired } = await node.put(changed);
    expect(desired.problems).toEqual([]);
    expect(vips(node.node)).toEqual(['10.96.0.1', '10.96.0.9']);
  });

  test('forgets it with the Service, and never makes it when nobody claims it', async () => {
    const { node } = await nodeThatRefuses('addr add 10.96.0.9 ', 'addr replace 10.96.0.9/');
    const { desired } = await node.remove(...odd);
    expect(desired.problems).toEqual([]);
    node.node.kernel.refusals.clear();
    await node.programmer.syncAll();
    expect(vips(node.node)).toEqual(['10.96.0.1']);
    expect(runCommand(node.node.kernel, { argv: ['ipset', 'save'] }).stdout).not.toContain('10.96.0.9');
  });
});

describe('a scheduler that the kernel does not have', () => {
  const annotated = (name: string, address: string, scheduler: string) => {
    const object = serviceObject(name, address) as { readonly metadata: object };
    const annotations = { 'kube-router.io/service.scheduler': scheduler };
    return [{ ...object, metadata: { ...object.metadata, annotations } }, endpointsObject(name, ['10.244.1.3'])];
  };

  test('is tried once, before anything is changed; the Service is served with the node’s and named', async () => {
    const node = fakeNode();
    const stdin = listText(...service('good', '10.96.0.1'), ...annotated('odd', '10.96.0.9', 'fancy'));
    const { exitCode, stderr } = await sync(node, { stdin });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        'default/odd: annotation kube-router.io/service.scheduler: "fancy" is no scheduler of this node\'s kernel; ' +
        'rr is used\n',
    });
    expect(ipvsOf(node)).toContain('-A -t 10.96.0.9:80 -s rr');
    expect(node.changing[0]?.input).toContain('-s fancy\n');
    expect(node.kernel.servers.size).toBe(2);
  });

  test('is not tried if a virtual server uses it or its module is loaded', async () => {
    const node = fakeNode();
    const stdin = listText(...annotated('one', '10.96.0.1', 'wrr'), ...annotated('two', '10.96.0.2', 'rr'));
    await sync(node, { stdin });
    const trials = () => node.changing.filter(({ input }) => input?.includes('198.51.100.0')).length;
    expect(trials()).toBe(1);
    await sync(node, { stdin: listText(...annotated('one', '10.96.0.3', 'wrr')) });
    expect(trials()).toBe(1);
  });

  test('is an error if it is that of all Services, and nothing is changed', async () => {
    const node = fakeNode(freshKernel());
    const proxy = { scheduler: { name: 'fancy', flags: [] } };
    expect(await sync(node, { stdin: services, proxy })).toMatchObject({
      exitCode: 4,
      stdout: '',
      error: { code: 'scheduler-missing', message: "this node's kernel does not have the IPVS scheduler fancy" },
    });
    expect(node.kernel.links.has('kube-ipvs0')).toBe(false);
    expect(node.kernel.sets.size).toBe(0);
  });

  test('comes back when the kernel has it, in watch', async () => {
    const kernel = freshKernel();
    kernel.refusals.set('-s wrr', 'Scheduler or persistence engine not found');
    const node = await programmedNode(annotated('odd', '10.96.0.9', 'wrr'), { kernel });
    expect(node.ipvs()).toContain('-A -t 10.96.0.9:80 -s rr');
    kernel.refusals.clear();
    await node.programmer.syncAll();
    expect(node.ipvs()).toContain('-A -t 10.96.0.9:80 -s wrr');
  });
});
