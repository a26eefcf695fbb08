import { describe, expect, test } from 'vitest';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { type FakeNode, fakeNode } from '../support/fake-node/index.js';
import { serviceObject } from '../support/sample-objects.js';
import { ipvsOf, programmedNode, sliceObject } from '../sync/support/programmed-node.js';

const own = '10.10.0.11';
const apiServers = [{ address: '10.10.0.1', port: 6443 }];
const clusterCidrs = { IPv4: '10.244.0.0/16' };
const slice = sliceObject('web', ['10.244.1.3']);
const other = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'other' } };
const otherNode = { ...other, status: { addresses: [{ type: 'InternalIP', address: '10.10.0.12' }] } };

const files: Readonly<Record<string, string>> = {
  '/proc/net/route': 'Iface\neth0\t00000000\tFE000A0A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n',
  '/etc/resolv.conf': 'nameserver 10.10.0.53\n',
};

/** Returns a node with a gateway 10.10.0.254 and a resolver 10.10.0.53. */
function nodeWithGateway(): FakeNode {
  const node = fakeNode();
  node.kernel.links.get('eth0')?.addresses.push({ address: own, prefix: 24 });
  return node;
}

const withExternal = (address: string, port: number) =>
  serviceObject('web', '10.96.0.1', { externalIPs: [address], ports: [{ port }] });
const withIngress = (ip: string) => ({
  ...serviceObject('web', '10.96.0.1', { type: 'LoadBalancer' }),
  status: { loadBalancer: { ingress: [{ ip }] } },
});

async function served(service: object, proxy: Partial<ProxyOptions> = {}) {
  const kernel = nodeWithGateway().kernel;
  for (const [path, text] of Object.entries(files)) kernel.files.set(path, text);
  const node = await programmedNode([otherNode, service, slice], {
    kernel,
    proxy: { apiServers, clusterCidrs, ...proxy },
  });
  const { desired } = await node.programmer.syncAll();
  const addresses = ipvsOf(node.node).flatMap(line => /^-A -t (\S+):\d+ /.exec(line)?.[1] ?? []);
  return { problems: desired.problems, warnings: [...desired.warnings.values()].flat(), addresses };
}

describe('an address that this node needs is left out and named', () => {
  const takeover = '(--allow-external-ip-takeover serves it)';
  test.each([
    ['the API server', withExternal('10.10.0.1', 80), 'external IP is the address of the API server', '10.10.0.1:80'],
    ['its gateway', withExternal('10.10.0.254', 80), 'external IP is the gateway of this node', '10.10.0.254:80'],
    [
      'the metadata server of a cloud',
      withExternal('169.254.169.254', 80),
      'external IP is the metadata server of a cloud',
      '',
    ],
    ['that of another cloud', withExternal('168.63.129.16', 80), 'external IP is the metadata server of a cloud', ''],
    ['a Pod', withExternal('10.244.1.7', 80), 'external IP is in the network of the Pods', ''],
    ['as a load balancer', withIngress('10.10.0.1'), 'load balancer address is the address of the API server', ''],
    [
      'the API server on this node',
      withExternal(own, 6443),
      'external IP is the address and port of the API server',
      '',
    ],
  ])('%s', async (_, service, why) => {
    const all = [...apiServers, { address: own, port: 6443 }];
    const { problems, warnings, addresses } = await served(service, { apiServers: all });
    expect(problems).toEqual([expect.stringMatching(/^default\/web: TCP /)]);
    expect(problems[0]).toContain(`: the ${why} and is left out ${takeover}`);
    expect([warnings, addresses]).toEqual([[], ['10.96.0.1']]);
    const allowed = await served(service, { apiServers: all, allowsExternalIpTakeover: true });
    expect([allowed.problems, allowed.addresses.length]).toEqual([[], 2]);
    expect(allowed.warnings[0]).toContain(why);
  });

  test('the endpoints of default/kubernetes, as soon as they are known', async () => {
    const node = await programmedNode([withExternal('10.10.0.2', 80), slice]);
    expect(ipvsOf(node.node).join('\n')).toContain('10.10.0.2:80');
    const api = { ...sliceObject('kubernetes', ['10.10.0.2'], { port: 6443 }) };
    const { desired } = await node.put({ ...api, ports: [{ name: 'https', protocol: 'TCP', port: 6443 }] });
    expect(desired.problems.join()).toContain('is the address of the API server');
    expect(ipvsOf(node.node).join('\n')).not.toContain('10.10.0.2:80');
  });
});

describe('an address that others need is served and named', () => {
  test.each([
    ['another node', '10.10.0.12', 'is the address of Node other'],
    ['the resolver of this node', '10.10.0.53', 'is the resolver of this node'],
    ['whoever has a link-local address', '169.254.20.10', 'is a link-local address'],
  ])('%s', async (_, address, why) => {
    const { problems, warnings, addresses } = await served(withExternal(address, 80));
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      `default/web: TCP ${address}:80: the external IP ${why}, and what this node sends there now ends at the Service`,
    ]);
    expect(addresses).toContain(address);
  });
});

test.each([
  [22, 'SSH server'],
  [10_250, 'kubelet'],
])('port %i of this node is served and named', async (port, program) => {
  const { problems, warnings, addresses } = await served(withExternal(own, port));
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    `default/web: TCP ${own}:${port}: the external IP is an address of this node, whose ${program} usually has this ` +
      'port, and what arrives there now ends at the Service',
  ]);
  expect(addresses).toContain(own);
});

test.each([
  ['an address of nobody', '198.51.100.1', 80],
  ['an address of this node, and another port than that of the API server', own, 80],
])('%s is served without a word', async (_, address, port) => {
  const all = [...apiServers, { address: own, port: 6443 }];
  const { problems, warnings, addresses } = await served(withExternal(address, port), { apiServers: all });
  expect([problems, warnings]).toEqual([[], []]);
  expect(addresses).toContain(address);
});
