import { describe, expect, test } from 'vitest';
import { toolHangs } from '../../src/run/tool-errors.js';
import { runCommand } from '../support/fake-node/index.js';
import { loadBalancerWith } from '../support/load-balancers.js';
import { serviceObject } from '../support/sample-objects.js';
import { type ProgrammedNode, programmedNode, sliceObject } from './support/programmed-node.js';

const web = serviceObject('web', '10.96.0.1');
const objects = [web, sliceObject('web', ['10.244.1.3'])];
const nodeObject = (addresses: readonly string[], more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'inajob', ...more },
  status: { addresses: addresses.map(address => ({ type: 'InternalIP', address })) },
});
const isReading = (command: string): boolean => /save|addr show|-S -n|list|--thresholds/.test(command);

describe('the processes that one change starts', () => {
  test.each([
    ['another endpoint', sliceObject('web', ['10.244.1.3', '10.244.1.4']), ['ipvsadm --restore']],
    [
      'session affinity',
      { ...web, spec: { clusterIP: '10.96.0.1', ports: [{ port: 80 }], sessionAffinity: 'ClientIP' } },
      ['ipvsadm --restore'],
    ],
    ['no endpoints left', sliceObject('web', []), ['ipvsadm --restore']],
    [
      'a label that kproxy ignores',
      { ...web, metadata: { name: 'web', namespace: 'default', labels: { a: 'b' } } },
      [],
    ],
    [
      'another Service',
      serviceObject('api', '10.96.0.2'),
      ['ipset -exist restore', 'ip -batch -', 'ipvsadm --restore'],
    ],
  ])('%s', async (_, object, processes) => {
    const node = await programmedNode(objects);
    expect(await node.processes(() => node.put(object))).toEqual(processes);
  });

  test('a removed Service', async () => {
    const node = await programmedNode([...objects, serviceObject('api', '10.96.0.2')]);
    expect(await node.processes(() => node.remove(web))).toEqual([
      'ip -batch -',
      'ipvsadm --restore',
      'ipset -exist restore',
    ]);
  });

  test('none if nothing has changed', async () => {
    const node = await programmedNode(objects);
    expect(await node.processes(node.look)).toEqual([]);
    expect(await node.processes(() => node.put(...objects))).toEqual([]);
    expect((await node.look()).plan).toEqual([]);
  });

  test('a full sync of a node in sync only reads, each tool once', async () => {
    const node = await programmedNode(objects);
    const processes = await node.processes(() => node.programmer.syncAll());
    expect(processes.filter(isReading)).toEqual(processes);
    expect(processes).toHaveLength(5);
  });
});

/** Returns Services with two endpoints each. */
function clusterOf(services: number): readonly object[] {
  const address = (network: string, index: number) => `${network}.${Math.floor(index / 200)}.${(index % 200) + 1}`;
  return Array.from({ length: services }, (_, index) => [
    serviceObject(`s${index}`, address('10.96', index)),
    sliceObject(`s${index}`, [address('10.244', index), address('10.245', index)]),
  ]).flat();
}

test('one change takes the same few processes and bytes with 10, 1,000 and 10,000 Services', async () => {
  const costs = [];
  for (const services of [10, 1_000, 10_000]) {
    const node = await programmedNode(clusterOf(services));
    const before = node.node.inputBytes;
    const changed = await node.processes(() => node.put(sliceObject('s7', ['10.244.0.8', '10.250.0.8'])));
    const added = await node.processes(() =>
      node.put(serviceObject('new', '10.96.200.1'), sliceObject('new', ['10.250.0.9'])),
    );
    const gone = await node.processes(() => node.remove(serviceObject('new', '')));
    costs.push({ changed, added, gone, bytes: node.node.inputBytes - before, rules: rulesOf(node) });
  }
  const [small] = costs;
  expect(small?.changed).toEqual(['ipvsadm --restore']);
  expect(small?.added).toHaveLength(3);
  expect(small?.gone).toHaveLength(3);
  expect(costs).toEqual([small, small, small]);
}, 60_000);

const rulesOf = ({ node }: ProgrammedNode): number =>
  runCommand(node.kernel, { argv: ['iptables-save'] }).stdout.match(/^-A/gm)?.length ?? 0;

describe('drift', () => {
  test('is corrected by the next full sync, of every Service', async () => {
    const node = await programmedNode([...objects, serviceObject('api', '10.96.0.2')]);
    const before = node.ipvs();
    runCommand(node.node.kernel, { argv: ['ipvsadm', '-D', '-t', '10.96.0.1:80'] });
    runCommand(node.node.kernel, { argv: ['ipvsadm', '-A', '-t', '10.96.0.2:81', '-s', 'rr'] });
    const { plan } = await node.programmer.syncAll();
    expect(node.ipvs()).toEqual(before);
    expect(plan).toHaveLength(3);
  });

  test('that makes a change fail is corrected at once by a full sync, and nothing counts as refused', async () => {
    const node = await programmedNode(objects);
    runCommand(node.node.kernel, { argv: ['ipvsadm', '-D', '-t', '10.96.0.1:80'] });
    const { desired } = await node.put(sliceObject('web', ['10.244.1.3', '10.244.1.4']));
    expect(desired.problems).toEqual([]);
    expect(node.ipvs()).toEqual([
      '-A -t 10.96.0.1:80 -s rr',
      '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1',
      '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1',
    ]);
  });
});

describe('a command that fails', () => {
  const api = serviceObject('api', '10.96.0.2');
  const wanted = [
    '-A -t 10.96.0.1:80 -s rr',
    '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1',
    '-A -t 10.96.0.2:80 -s rr',
  ];

  test.each(['ipset -exist restore', 'ip -batch', 'ipvsadm --restore'])(
    '%s: the next sync reads the whole node and finishes',
    async command => {
      const node = await programmedNode(objects);
      const late = toolHangs(command.split(' '), 1000, []);
      node.node.broken.set(command, late);
      await expect(node.put(api)).rejects.toMatchObject({ code: 'apply-failed' });
      node.node.broken.clear();
      const processes = await node.processes(node.look);
      expect(processes).toContain('ipset save');
      expect(node.ipvs()).toEqual(wanted);
    },
  );

  test('a reading that fails changes nothing, and the next sync makes the changes', async () => {
    const node = await programmedNode(objects);
    node.node.broken.set('ipset save', { stdout: '', stderr: 'no\n', exitCode: 1 });
    const changes = node.store.put('Service', { source: 'test', value: api });
    await expect(node.programmer.syncAll(changes)).rejects.toMatchObject({ code: 'tool-failed' });
    node.node.broken.clear();
    await node.programmer.syncAll(changes);
    expect(node.ipvs()).toEqual(wanted);
  });

  test('a full sync detects a tool that succeeds without doing anything', async () => {
    const node = await programmedNode(objects);
    runCommand(node.node.kernel, { argv: ['ipvsadm', '-D', '-t', '10.96.0.1:80'] });
    node.node.broken.set('ipvsadm --restore', { stdout: '', stderr: '', exitCode: 0 });
    await expect(node.programmer.syncAll()).rejects.toMatchObject({
      code: 'changes-missing',
      message: '2 of 2 changes are not on the node although all commands succeeded',
    });
    node.node.broken.clear();
    await node.look();
    expect(node.ipvs()).toEqual(wanted.slice(0, 2));
  });
});

describe('a change that all Services depend on', () => {
  const nodePort = serviceObject('np', '10.96.0.5', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });

  test('a new address of the node: the next full sync serves node ports on it', async () => {
    const node = await programmedNode([...objects, nodePort]);
    expect(node.ipvs()).not.toContain('-A -t 10.10.0.12:30080 -s rr');
    node.node.kernel.links.get('eth0')?.addresses.push({ address: '10.10.0.12', prefix: 24 });
    await node.programmer.syncAll();
    expect(node.ipvs()).toContain('-A -t 10.10.0.12:30080 -s rr');
    node.node.kernel.links.get('eth0')?.addresses.pop();
    await node.programmer.syncAll();
    await node.put(sliceObject('np', ['10.244.1.9']));
    expect(node.ipvs()).toContain('-a -t 10.10.0.11:30080 -r 10.244.1.9:8080 -m -w 1');
  });

  test('the zone of this node: endpoints are selected again', async () => {
    const inZone = (zone: string) => nodeObject(['10.10.0.11'], { labels: { 'topology.kubernetes.io/zone': zone } });
    const hinted = {
      ...sliceObject('web', []),
      endpoints: ['a', 'b'].map((zone, index) => ({
        addresses: [`10.244.${index}.1`],
        conditions: { ready: true },
        hints: { forZones: [{ name: zone }] },
      })),
    };
    const node = await programmedNode([web, hinted, inZone('a')]);
    expect(node.ipvs().slice(1)).toEqual(['-a -t 10.96.0.1:80 -r 10.244.0.1:8080 -m -w 1']);
    await node.put(inZone('b'));
    expect(node.ipvs().slice(1)).toEqual(['-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1']);
    await node.put({ ...web, metadata: { name: 'web', namespace: 'default', labels: { again: 'yes' } } });
    expect(node.ipvs().slice(1)).toEqual(['-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1']);
  });

  test('another node, or a heartbeat of this one: no process is started', async () => {
    const node = await programmedNode([...objects, nodeObject(['10.10.0.11'])]);
    const other = { ...nodeObject(['10.10.0.99']), metadata: { name: 'yuanying' } };
    const healthy = nodeObject(['10.10.0.11'], { resourceVersion: '2', annotations: { heartbeat: 'now' } });
    expect(await node.processes(() => node.put(other, healthy))).toEqual([]);
  });
});

test('a set that has become too small is recreated with all its entries and the rule that names it', async () => {
  const set = 'KUBE-LOAD-BALANCER-SOURCE-CIDR';
  const node = await programmedNode([...objects, loadBalancerWith('full', '10.98', 10, 6_553)]);
  expect(node.node.kernel.sets.get(set)).toMatchObject({ entries: { size: 65_530 }, maximum: undefined });
  await node.put(loadBalancerWith('full', '10.98', 10, 6_552), loadBalancerWith('more', '10.97', 2, 10));
  expect(node.node.kernel.sets.get(set)).toMatchObject({ entries: { size: 65_540 }, maximum: 262_144 });
  expect(runCommand(node.node.kernel, { argv: ['iptables-save'] }).stdout).toContain(`--match-set ${set} dst,dst,src`);
  const before = node.node.commands.length;
  expect((await node.processes(() => node.put(loadBalancerWith('again', '10.99', 1, 10)))).filter(isReading)).toEqual(
    [],
  );
  expect(node.node.commands.slice(before).filter(({ input }) => input?.includes('KUBE+'))).toEqual([]);
  const invalidSlice = { ...sliceObject('web', []), addressType: 'IPv5' };
  expect((await node.put(invalidSlice)).plan).toEqual([]);
  expect((await node.programmer.syncAll()).plan).toEqual([]);
}, 60_000);
