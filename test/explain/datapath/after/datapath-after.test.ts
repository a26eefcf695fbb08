import { expect, test } from 'vitest';
import { datapathAfter } from '../../../../src/explain/datapath/after/datapath-after.js';
import type { Change } from '../../../../src/node/change.js';
import type { Chain, Jumps, RealServer, VirtualServer } from '../../../../src/node/element.js';
import { fakeNode, freshKernel, kernelOf } from '../../../support/fake-node/index.js';
import { property } from '../../../support/situation.js';
import { reconciliationOn, syncOnce } from '../../../support/synced-node.js';
import { datapathOfKernel, datapathText } from '../../support/datapath-of-kernel.js';
import { emptyDatapath } from '../../support/empty-datapath.js';

test('the datapath after a plan is the one of the node after a sync', async () => {
  await property(async (cluster, options, actual) => {
    const node = fakeNode(kernelOf(actual));
    const before = datapathOfKernel(node.kernel);
    const { plan } = await reconciliationOn(node, cluster, options);
    const after = datapathText(datapathAfter(before, plan));
    await syncOnce(node, cluster, options);
    // Loading the module gives the node parameters that no change is about.
    const isOfNode = (line: string): boolean => line.includes(' ') || after.includes(line);
    expect(after).toEqual(datapathText(datapathOfKernel(node.kernel)).filter(isOfNode));
  });
});

test('what no change touches is shared with the datapath before', () => {
  const before = datapathOfKernel(freshKernel());
  const after = datapathAfter(before, [
    { verb: 'add', after: { kind: 'sysctl', name: 'net/ipv4/vs/conntrack', value: '1' } },
  ]);
  expect(after.tables).toBe(before.tables);
  expect(after.links).toBe(before.links);
  expect(after.routes).toBe(before.routes);
  expect(datapathAfter(before, [])).toBe(before);
});

const chain: Chain = { kind: 'chain', family: 'IPv4', table: 'nat', name: 'KUBE-SERVICES', rules: [['-j', 'ACCEPT']] };
const jumps: Jumps = {
  kind: 'jumps',
  family: 'IPv4',
  table: 'nat',
  chain: 'OUTPUT',
  rules: [['-j', 'KUBE-SERVICES']],
};

test('a table that is missing is created with the chains that the kernel gives it', () => {
  const { tables } = datapathAfter(emptyDatapath, [
    { verb: 'add', after: chain },
    { verb: 'add', after: jumps },
  ]);
  expect(tables).toEqual([
    {
      family: 'IPv4',
      name: 'nat',
      chains: [
        { name: 'PREROUTING', policy: 'ACCEPT', rules: [] },
        { name: 'INPUT', policy: 'ACCEPT', rules: [] },
        { name: 'OUTPUT', policy: 'ACCEPT', rules: [{ argv: ['-j', 'KUBE-SERVICES'] }] },
        { name: 'POSTROUTING', policy: 'ACCEPT', rules: [] },
        { name: 'KUBE-SERVICES', policy: undefined, rules: [{ argv: ['-j', 'ACCEPT'] }] },
      ],
    },
  ]);
});

const entry = { kind: 'entry', set: 'KUBE-CLUSTER-IP', value: '10.96.0.1,tcp:80' } as const;
const server = { protocol: 'TCP', address: '10.96.0.1', port: 80 } as const;
const orphans: readonly Change[] = [
  { verb: 'add', after: entry },
  { verb: 'add', after: { kind: 'address', link: 'kube-ipvs0', address: '10.96.0.1', prefix: 32 } },
  {
    verb: 'add',
    after: { kind: 'real-server', server, address: '10.244.1.3', port: 8080, weight: 1, forwarding: 'masquerade' },
  },
];

test.each(orphans)(
  'an element without its container is not added, as the kernel would refuse it ($after.kind)',
  change => {
    expect(datapathText(datapathAfter(emptyDatapath, [change]))).toEqual([]);
  },
);

test('an address is delivered to the node as long as its device has it with any prefix', () => {
  const address = (prefix: number) => ({ kind: 'address', link: 'lo', address: '192.0.2.1', prefix }) as const;
  const both = datapathAfter(datapathOfKernel(freshKernel()), [
    { verb: 'add', after: address(32) },
    { verb: 'add', after: address(24) },
  ]);
  const isLocal = (change: Change) =>
    datapathAfter(both, [change]).routes.some(({ destination }) => destination === '192.0.2.1/32');
  expect(isLocal({ verb: 'remove', before: address(32) })).toBe(true);
  expect(
    datapathAfter(both, [
      { verb: 'remove', before: address(32) },
      { verb: 'remove', before: address(24) },
    ]).routes.some(({ destination }) => destination === '192.0.2.1/32'),
  ).toBe(false);
});

test.each([
  ['changing ip_forward changes it for every device', '0', '1'],
  ['writing the value that ip_forward has changes no device', '1', '0'],
])('%s', (_, before, device) => {
  const sysctls = {
    'net/ipv4/ip_forward': before,
    'net/ipv4/conf/eth0/forwarding': '0',
    'net/ipv4/conf/eth0/rp_filter': '0',
  };
  const change: Change = { verb: 'add', after: { kind: 'sysctl', name: 'net/ipv4/ip_forward', value: '1' } };
  expect(datapathAfter({ ...emptyDatapath, sysctls }, [change]).sysctls).toEqual({
    'net/ipv4/ip_forward': '1',
    'net/ipv4/conf/eth0/forwarding': device,
    'net/ipv4/conf/eth0/rp_filter': '0',
  });
});

const virtualServer: VirtualServer = {
  kind: 'virtual-server',
  ...server,
  scheduler: 'rr',
  flags: [],
  persistence: undefined,
};
const realServer = (index: number): RealServer => ({
  kind: 'real-server',
  server,
  address: `10.244.${index >> 8}.${index & 255}`,
  port: 8080,
  weight: 1,
  forwarding: 'masquerade',
});

// In quadratic time this takes minutes.
test('a virtual server gets 60,000 real servers', () => {
  const added: Change = { verb: 'add', after: virtualServer };
  const reals = Array.from({ length: 60_000 }, (_, index): Change => ({ verb: 'add', after: realServer(index) }));
  const [found] = datapathAfter(emptyDatapath, [added, ...reals]).virtualServers;
  expect(found?.realServers).toHaveLength(60_000);
});

test('a virtual server that is recreated has no real servers', () => {
  const { virtualServers } = datapathAfter(emptyDatapath, [
    { verb: 'add', after: virtualServer },
    { verb: 'add', after: realServer(1) },
    { verb: 'remove', before: virtualServer },
    { verb: 'add', after: realServer(2) },
    { verb: 'add', after: virtualServer },
    { verb: 'add', after: realServer(3) },
  ]);
  expect(virtualServers).toMatchObject([{ realServers: [{ real: { address: '10.244.0.3' } }] }]);
});
