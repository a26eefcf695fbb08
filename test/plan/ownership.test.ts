import { describe, expect, test } from 'vitest';
import { runCleanup } from '../../src/commands/cleanup.js';
import { type FakeNode, fakeNode, freshKernel, parse, print, runCommand } from '../support/fake-node/index.js';
import { outcomeOf } from '../support/run-command.js';
import { type Outcome, sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';

const own = '10.10.0.11';
const second = '172.30.5.9';
const nodePort = 30080;

const webSpec = { type: 'NodePort', ports: [{ protocol: 'TCP', port: 80, targetPort: 8080, nodePort }] };
const api = [serviceObject('api', '10.96.0.2'), endpointsObject('api', ['10.244.1.9'])];
const web = (clusterIp = '10.96.0.1') => [
  serviceObject('web', clusterIp, webSpec),
  endpointsObject('web', ['10.244.1.3', '10.244.2.2']),
];
const withWeb = listText(...api, ...web());
const withoutWeb = listText(...api);

const machine = (...addresses: readonly string[]) =>
  fakeNode(freshKernel({ addresses: addresses.map(address => `${address}/24`) }));

function loseAddress({ kernel }: FakeNode, address: string): void {
  const addresses = kernel.links.get('eth0')?.addresses ?? [];
  addresses.splice(
    addresses.findIndex(known => known.address === address),
    1,
  );
}

const servers = ({ kernel }: FakeNode): readonly string[] => [...kernel.servers.keys()];
const run = (node: FakeNode, ...lines: readonly string[]): void => {
  for (const line of lines) expect(runCommand(node.kernel, { argv: line.split(' ') }).exitCode).toBe(0);
};
const cleanup = (node: FakeNode): Promise<Outcome> =>
  outcomeOf(io =>
    runCleanup({ nodeName: 'inajob', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false }, node, io),
  );

/** Removes the device with its addresses, as `ip link del` does. */
const deleteDevice = ({ kernel }: FakeNode): void => void kernel.links.delete('kube-ipvs0');

async function programmed(...addresses: readonly string[]): Promise<FakeNode> {
  const node = machine(...addresses);
  expect(await sync(node, { stdin: withWeb, proxy: { profile: 'full' } })).toMatchObject({ exitCode: 0, stderr: '' });
  return node;
}
const again = (node: FakeNode, stdin: string, proxy = {}): Promise<Outcome> =>
  sync(node, { stdin, proxy: { profile: 'full', ...proxy } });

describe('the virtual server of a node port whose address has left the node', () => {
  test('is removed by the next sync', async () => {
    const node = await programmed(own, second);
    expect(servers(node)).toContain(`TCP ${second}:${nodePort}`);
    loseAddress(node, second);
    expect(await again(node, withWeb)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(servers(node)).not.toContain(`TCP ${second}:${nodePort}`);
    expect((await again(node, withWeb)).stdout).toContain('nothing changed');
  });

  test('is removed if its Service has gone too', async () => {
    const node = await programmed(own, second);
    loseAddress(node, second);
    expect(await again(node, withoutWeb)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(servers(node)).toEqual(['TCP 10.96.0.2:80']);
  });

  test('is removed if it was the only address, and if the sets have gone too', async () => {
    const node = await programmed(own);
    loseAddress(node, own);
    node.kernel.sets.clear();
    for (const tables of Object.values(node.kernel.tables)) tables.clear();
    node.kernel.links.get('eth0')?.addresses.push({ address: second, prefix: 24 });
    expect(await again(node, withWeb)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(servers(node)).not.toContain(`TCP ${own}:${nodePort}`);
  });

  test('is removed by cleanup', async () => {
    const node = await programmed(own, second);
    loseAddress(node, second);
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(servers(node)).toEqual([]);
  });

  test('is removed although it has connections, which are cut already', async () => {
    const node = await programmed(own, second);
    const realServers = node.kernel.servers.get(`TCP ${second}:${nodePort}`)?.realServers;
    for (const [key, real] of realServers ?? [])
      realServers?.set(key, { ...real, connections: { active: 2, inactive: 1 } });
    loseAddress(node, second);
    await again(node, withWeb);
    expect(servers(node)).not.toContain(`TCP ${second}:${nodePort}`);
  });
});

describe('a virtual server of other software with the number of a node port', () => {
  const foreign = [
    ['an address that the node does not have, other real servers', second, '-m 10.10.0.12:30080'],
    ['an address that the node does not have, no real servers', second, ''],
    [
      'an address that the node does not have, a real server of a Service and another',
      second,
      '-m 10.244.1.3:8080 10.10.0.12:8080',
    ],
    ['an address that the node does not have, other forwarding', second, '-g 10.244.1.3:8080'],
    ['an address of the node, other forwarding', '10.10.0.100', '-g 10.10.0.12:30080'],
  ] as const;

  test.each(foreign)('stays: %s', async (_, address, text) => {
    const node = machine(own, '10.10.0.100');
    const [forwarding = '-m', ...real] = text.split(' ');
    const add = [
      `ipvsadm -A -t ${address}:${nodePort} -s rr`,
      ...real.map(one => `ipvsadm -a -t ${address}:${nodePort} -r ${one} ${forwarding} -w 1`),
    ];
    run(node, ...add);
    const before = print(node.kernel, 'ipvsadm');
    const narrow = { nodePortAddresses: ['10.10.0.11/32'] };
    for (const cluster of [withWeb, listText(...api, ...web('10.96.0.7')), withoutWeb])
      expect(await again(node, cluster, narrow)).toMatchObject({ exitCode: 0 });
    await again(node, withWeb, narrow);
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(print(node.kernel, 'ipvsadm')).toBe(before);
  });
});

describe('virtual servers whose device was deleted', () => {
  test('are removed with their Service, which the sets show', async () => {
    const node = await programmed(own);
    deleteDevice(node);
    expect(await again(node, withoutWeb)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(servers(node)).toEqual(['TCP 10.96.0.2:80']);
  });

  test('are removed by cleanup, which the sets show', async () => {
    const node = await programmed(own);
    deleteDevice(node);
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(servers(node)).toEqual([]);
  });

  test('are removed if the sets have gone too and a Service has the VIP', async () => {
    const node = await programmed(own);
    deleteDevice(node);
    run(node, 'ipvsadm -A -t 10.96.0.1:81 -s rr');
    node.kernel.sets.clear();
    for (const tables of Object.values(node.kernel.tables)) tables.clear();
    expect(await again(node, withWeb)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(servers(node)).not.toContain('TCP 10.96.0.1:81');
  });

  test('of other software stay', async () => {
    const node = await programmed(own);
    run(node, 'ipvsadm -A -t 192.0.2.9:80 -s rr');
    deleteDevice(node);
    expect((await again(node, withoutWeb)).stderr).toContain('192.0.2.9:80');
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(servers(node)).toEqual(['TCP 192.0.2.9:80']);
  });
});

describe('a load balancer address that is the node’s own', () => {
  const balancer = (port: number) =>
    listText(
      ...api,
      {
        ...serviceObject('web', '10.96.0.1', {
          type: 'LoadBalancer',
          ports: [{ protocol: 'TCP', port, targetPort: 8080, nodePort }],
        }),
        status: { loadBalancer: { ingress: [{ ip: second }] } },
      },
      endpointsObject('web', ['10.244.1.3']),
    );

  test('becomes a VIP when it leaves, and its node port goes without an error', async () => {
    const node = machine(own, second);
    await again(node, balancer(80));
    expect(servers(node)).toEqual(expect.arrayContaining([`TCP ${second}:80`, `TCP ${second}:${nodePort}`]));
    loseAddress(node, second);
    expect(await again(node, balancer(80))).toMatchObject({ exitCode: 0, stderr: '' });
    expect(servers(node)).toContain(`TCP ${second}:80`);
    expect(servers(node)).not.toContain(`TCP ${second}:${nodePort}`);
    expect((await again(node, balancer(80))).stdout).toContain('nothing changed');
  });

  test('has its old port removed, and other software keeps its own', async () => {
    const node = machine(own, second);
    await again(node, balancer(80));
    run(node, `ipvsadm -A -t ${second}:443 -s rr`);
    await again(node, balancer(81));
    expect(servers(node)).toEqual(expect.arrayContaining([`TCP ${second}:81`, `TCP ${second}:443`]));
    expect(servers(node)).not.toContain(`TCP ${second}:80`);
    await cleanup(node);
    expect(servers(node)).toEqual([`TCP ${second}:443`]);
  });
});

test('VIPs are removed before their virtual servers, but not before those that nothing else shows', async () => {
  const node = await programmed(own);
  run(node, 'ip addr add 10.96.9.9/32 dev kube-ipvs0', 'ipvsadm -A -t 10.96.9.9:81 -s rr');
  const before = node.commands.length;
  await cleanup(node);
  const [first, ...others] = node.commands
    .slice(before)
    .filter(({ argv }) => /^(ip link del|ipvsadm --r)/.test(argv.join(' ')));
  expect(first?.input).toBe('-D -t 10.96.9.9:81\n');
  expect(others.map(({ argv }) => argv.slice(0, 2).join(' '))).toEqual(['ip link', 'ipvsadm --restore']);
  expect(parse(print(node.kernel)).servers.size).toBe(0);
});
