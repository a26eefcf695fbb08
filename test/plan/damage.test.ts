import { expect, test } from 'vitest';
import { subjectOf } from '../../src/node/change.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { type FakeKernel, type FakeNode, fakeNode, freshKernel } from '../support/fake-node/index.js';
import { clusterFrom } from '../support/parity-case.js';
import { tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { reconciliationOn, syncedNode, syncOnce } from '../support/synced-node.js';

const cluster = clusterFrom(
  listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3', '10.244.2.2'])),
);
const node = () => syncedNode(cluster, tutorialProxy, freshKernel());

type Kernel = FakeKernel;
const chain = ({ tables }: Kernel, table: string, name: string) => {
  const found = tables.IPv4.get(table)?.get(name);
  if (found === undefined) throw new Error(`no chain ${name}`);
  return found.rules;
};
const server = ({ servers }: Kernel) => {
  const found = servers.get('TCP 10.96.0.1:80');
  if (found === undefined) throw new Error('no virtual server');
  return found;
};
const realServer = (kernel: Kernel, change: object) => {
  const found = server(kernel).realServers.get('10.244.1.3:8080');
  if (found !== undefined) server(kernel).realServers.set('10.244.1.3:8080', { ...found, ...change });
};

/** What somebody does to a node, and the whole plan that mends it. */
const damages: readonly (readonly [string, (kernel: Kernel) => void, readonly string[]])[] = [
  [
    'a set is of another type',
    ({ sets }) => {
      sets.set('KUBE-LOOP-BACK', { type: 'hash:ip', family: 'IPv4', maximum: undefined, entries: new Set() });
      sets.set('KUBE-IPVS-IPS', { type: 'hash:ip,port', family: 'IPv4', maximum: undefined, entries: new Set() });
    },
    [
      'add set KUBE+IPVS-IPS hash:ip',
      'add entry 10.96.0.1 in KUBE+IPVS-IPS',
      'change chain KUBE-IPVS-FILTER in iptables -t filter',
      'change set KUBE-IPVS-IPS hash:ip',
      'add entry 10.96.0.1 in KUBE-IPVS-IPS',
      'change chain KUBE-IPVS-FILTER in iptables -t filter',
      'remove set KUBE-LOOP-BACK hash:ip maxelem 65536',
      'remove set KUBE+IPVS-IPS hash:ip',
    ],
  ],
  [
    'a rule is deleted',
    kernel => chain(kernel, 'nat', 'KUBE-SERVICES').splice(1, 1),
    ['change chain KUBE-SERVICES in iptables -t nat'],
  ],
  [
    'a rule is added',
    kernel => chain(kernel, 'nat', 'KUBE-SERVICES').push(['-j', 'RETURN']),
    ['change chain KUBE-SERVICES in iptables -t nat'],
  ],
  [
    'a chain is flushed',
    kernel => chain(kernel, 'filter', 'KUBE-FORWARD').splice(0),
    ['change chain KUBE-FORWARD in iptables -t filter'],
  ],
  [
    'a jump is there twice',
    kernel => chain(kernel, 'nat', 'PREROUTING').push(chain(kernel, 'nat', 'PREROUTING')[0] ?? []),
    ['change jumps from PREROUTING in iptables -t nat to KUBE-SERVICES'],
  ],
  [
    'a jump is below a DROP',
    kernel => chain(kernel, 'filter', 'FORWARD').unshift(['-s', '10.0.0.0/8', '-j', 'DROP']),
    ['change jumps from FORWARD in iptables -t filter to KUBE-FORWARD'],
  ],
  [
    'a jump is gone',
    kernel => chain(kernel, 'nat', 'POSTROUTING').splice(0),
    ['add jumps from POSTROUTING in iptables -t nat to KUBE-POSTROUTING'],
  ],
  [
    'a jump is below a rule that decides nothing: that is right',
    kernel => chain(kernel, 'filter', 'FORWARD').unshift(['-j', 'LOG']),
    [],
  ],
  [
    'another scheduler',
    kernel => kernel.servers.set('TCP 10.96.0.1:80', { ...server(kernel), scheduler: 'lc' }),
    ['change virtual server TCP 10.96.0.1:80 rr'],
  ],
  [
    'session affinity that nobody asked for',
    kernel =>
      kernel.servers.set('TCP 10.96.0.1:80', {
        ...server(kernel),
        persistence: { seconds: 10, netmask: '255.255.255.255' },
      }),
    ['change virtual server TCP 10.96.0.1:80 rr'],
  ],
  [
    'weight 0',
    kernel => realServer(kernel, { weight: 0 }),
    ['change real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1'],
  ],
  [
    'another forwarding method',
    kernel => realServer(kernel, { forwarding: 'route' }),
    ['change real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1'],
  ],
  [
    'masquerading to the node itself, which the kernel calls local: that is right',
    kernel => realServer(kernel, { forwarding: 'local' }),
    [],
  ],
  [
    'a wrong kernel parameter',
    ({ sysctls }) => sysctls.set('net/ipv4/vs/conntrack', '0'),
    ['change sysctl net.ipv4.vs.conntrack = 1'],
  ],
  [
    'a VIP with another prefix beside the right one',
    ({ links }) => links.get('kube-ipvs0')?.addresses.push({ address: '10.96.0.1', prefix: 24 }),
    ['remove address 10.96.0.1/24 on kube-ipvs0'],
  ],
  [
    'the device is of another type, which takes its addresses with it',
    ({ links }) => links.set('kube-ipvs0', { type: 'veth', addresses: [{ address: '10.96.0.1', prefix: 32 }] }),
    ['change dummy device kube-ipvs0', 'add address 10.96.0.1/32 on kube-ipvs0'],
  ],
  [
    'the device is gone',
    ({ links }) => links.delete('kube-ipvs0'),
    ['add dummy device kube-ipvs0', 'add address 10.96.0.1/32 on kube-ipvs0'],
  ],
  [
    'an entry that was cut short',
    ({ sets }) => sets.get('KUBE-CLUSTER-IP')?.entries.add('10.96.0.1,tcp:8'),
    ['remove entry 10.96.0.1,tcp:8 in KUBE-CLUSTER-IP'],
  ],
  [
    'a virtual server of ours that nobody asks for, with a real server',
    kernel =>
      kernel.servers.set('TCP 10.96.0.1:81', {
        ...server(kernel),
        port: 81,
        realServers: new Map(server(kernel).realServers),
      }),
    ['remove virtual server TCP 10.96.0.1:81 rr'],
  ],
];

const planText = async (on: FakeNode): Promise<readonly string[]> => {
  const { plan } = await reconciliationOn(on, cluster, tutorialProxy);
  return plan.map(change => `${change.verb} ${kindOf(subjectOf(change)).describe(subjectOf(change))}`);
};

test.each(damages)('%s', async (_, damage, mended) => {
  const on = await node();
  expect(await planText(on)).toEqual([]);
  damage(on.kernel);
  expect(await planText(on)).toEqual(mended);
  await syncOnce(on, cluster, tutorialProxy);
  expect(await planText(on)).toEqual([]);
});

test('on a node with everything wrong at once, one sync mends it', async () => {
  const on = await node();
  for (const [, damage] of damages.filter(([name]) => !name.startsWith('the device'))) damage(on.kernel);
  await syncOnce(on, cluster, tutorialProxy);
  expect(await planText(on)).toEqual([]);
});

test('the fake node refuses what a kernel refuses', async () => {
  const on = fakeNode();
  const refusal = async (...argv: string[]) => {
    const { exitCode, stderr } = await on.run({ argv });
    return `${exitCode} ${stderr.trim()}`;
  };
  const input = async (text: string, ...argv: string[]) => {
    const { exitCode, stderr } = await on.run({ argv, input: text });
    return `${exitCode} ${stderr.trim()}`;
  };
  await on.run({ argv: ['ipset', 'create', 'A', 'hash:ip'] });
  await on.run({ argv: ['ipset', 'add', 'A', '10.0.0.1'] });
  await on.run({
    argv: ['iptables', '-w', '-t', 'nat', '-A', 'OUTPUT', '-m', 'set', '--match-set', 'A', 'dst', '-j', 'ACCEPT'],
  });
  expect(await refusal('ipset', 'destroy', 'A')).toBe(
    '1 ipset v7.17: Set cannot be destroyed: it is in use by a kernel component',
  );
  expect(await refusal('ipset', 'add', 'A', '10.0.0.1')).toBe(
    "1 ipset v7.17: Element cannot be added to the set: it's already added",
  );
  expect(await input('add A 10.0.0.1\n', 'ipset', '-exist', 'restore')).toBe('0 ');
  expect(await refusal('ipset', 'add', 'B', '10.0.0.1')).toBe(
    '1 ipset v7.17: The set with the given name does not exist',
  );
  expect(await refusal('ipset', 'create', 'A', 'hash:ip,port')).toBe(
    '1 ipset v7.17: Set cannot be created: set with the same name already exists',
  );
  expect(await refusal('iptables', '-w', '-t', 'nat', '-A', 'OUTPUT', '-j', 'NOWHERE')).toBe(
    "2 iptables: Couldn't load target `NOWHERE':No such file or directory",
  );
  expect(await input('*nat\n-A NOWHERE -j ACCEPT\nCOMMIT\n', 'iptables-restore', '-w', '--noflush')).toBe(
    '1 iptables-restore v1.8.9: No chain/target/match by that name.\nError occurred at line: 2',
  );
  expect(await input('*nat\n:X - [0:0]\n-A X -j ACCEPT\n', 'iptables-restore', '-w', '--noflush')).toMatch(
    /^1 .*COMMIT expected/,
  );
  expect(on.kernel.tables.IPv4.get('nat')?.has('X')).toBe(false);
  expect(await refusal('ipvsadm', '-D', '-t', '10.0.0.1:80')).toBe('255 No such service');
  expect(await refusal('ipvsadm', '-a', '-t', '10.0.0.1:80', '-r', '10.1.0.1:80', '-m')).toBe(
    '255 Service not defined',
  );
  expect(await input('-D -t 10.0.0.1:80\n-A -t 10.0.0.1:80 -s rr\n', 'ipvsadm', '--restore')).toBe('0 No such service');
  expect(await refusal('ip', 'link', 'del', 'kube-ipvs0')).toMatch(/^[12] .*Cannot find device "kube-ipvs0"/);
  expect(await input('addr add 10.0.0.1/32 dev nowhere\n', 'ip', '-batch', '-')).toMatch(/Command failed -:1$/);
  expect(await refusal('conntrack', '-R', '/run/none')).toMatch(/^2 .*Failed to open file/);
  expect(await input('1\n', 'tee', '/proc/sys/net/ipv4/none', '/proc/sys/net/ipv4/ip_forward')).toBe(
    '1 tee: /proc/sys/net/ipv4/none: No such file or directory',
  );
  expect(on.kernel.sysctls.get('net/ipv4/ip_forward')).toBe('1');
});
