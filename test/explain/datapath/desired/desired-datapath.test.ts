import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { checkObjects } from '../../../../src/cluster/check.js';
import type { Cluster } from '../../../../src/cluster/cluster.js';
import { type AssumedDatapath, desiredDatapath } from '../../../../src/explain/datapath/desired/desired-datapath.js';
import { unknownFacts } from '../../../../src/node/facts.js';
import type { LocalDetection } from '../../../../src/proxy/options.js';
import { reconcileFromNothing } from '../../../../src/sync/reconcile-from-nothing.js';
import { clusterFrom, parityFacts } from '../../../support/parity-case.js';
import { fixture, tutorialProxy } from '../../../support/run-sync.js';
import { listText, serviceObject } from '../../../support/sample-objects.js';

const tutorial = (): Cluster => {
  const documents = readFileSync(fixture('tutorial.yaml'), 'utf8').split(/^---$/m);
  return checkObjects(documents.map(text => ({ source: 'test', value: parseYaml(text) }))).cluster;
};

const nodeObject = (name: string, addresses: readonly string[], podCIDRs: readonly string[] = []): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: podCIDRs.length === 0 ? {} : { podCIDR: podCIDRs[0], podCIDRs },
  status: { addresses: addresses.map(address => ({ type: 'InternalIP', address })) },
});

const datapathOf = (cluster: Cluster, facts = unknownFacts, options = tutorialProxy): AssumedDatapath => {
  const { desired } = reconcileFromNothing(cluster, options, facts);
  return desiredDatapath(desired.state, { cluster, facts, options });
};

const addressesOf = ({ datapath }: AssumedDatapath, device: string): readonly string[] =>
  (datapath.links.find(({ name }) => name === device)?.addresses ?? []).map(
    ({ address, prefix }) => `${address}/${prefix}`,
  );

const routesOf = ({ datapath }: AssumedDatapath): readonly string[] =>
  datapath.routes
    .filter(({ table }) => table === 'main')
    .map(({ destination, hops }) => `${destination} ${hops.map(({ gateway, device }) => gateway ?? device).join()}`);

const isLocal = ({ datapath }: AssumedDatapath, address: string): boolean =>
  datapath.routes.some(({ type, destination }) => type === 'local' && destination === `${address}/32`);

test("a node that nothing is known of gets its Pods' network from the endpoints that are on it", () => {
  const node = datapathOf(tutorial());
  expect(addressesOf(node, 'eth0')).toEqual(['192.0.2.2/24']);
  expect(addressesOf(node, 'cni0')).toEqual(['10.244.1.1/24']);
  expect(routesOf(node)).toEqual(['192.0.2.0/24 eth0', '10.244.1.0/24 cni0', '0.0.0.0/0 192.0.2.1']);
  expect(node.assumed).toContain(
    "Assumed: the node's IPv4 address is 192.0.2.2, because the cluster does not name it.",
  );
  expect(node.assumed).toContain('Assumed: the Pods of this node have addresses of 10.244.1.0/24.');
});

test('the datapath has what kproxy programs', () => {
  const node = datapathOf(tutorial());
  const { datapath } = node;
  expect(isLocal(node, '10.254.10.128')).toBe(true);
  expect(addressesOf(node, 'kube-ipvs0')).toEqual(['10.254.10.128/32']);
  expect(datapath.sets.find(({ name }) => name === 'KUBE-CLUSTER-IP')?.entries).toEqual([
    { value: '10.254.10.128,tcp:80' },
  ]);
  expect(datapath.virtualServers[0]?.realServers.map(({ real }) => real.address)).toEqual(['10.244.1.3', '10.244.2.2']);
  expect(datapath.sysctls).toMatchObject({ 'net/ipv4/vs/conntrack': '1', 'net/ipv4/ip_forward': '1' });
  const input = datapath.tables.find(({ name }) => name === 'filter')?.chains.find(({ name }) => name === 'INPUT');
  expect(input?.rules.map(({ argv }) => argv.at(-1))).toEqual(['KUBE-IPVS-FILTER']);
});

test('Node objects name the networks of both families and the ways to the Pods of other nodes', () => {
  const node = datapathOf(
    clusterFrom(
      listText(
        serviceObject('web', '10.96.0.1'),
        nodeObject('inajob', ['192.168.33.11', 'fd00:33::11'], ['10.244.1.0/24', 'fd00:244:1::/64']),
        nodeObject('yuanying', ['192.168.33.12'], ['10.244.2.0/24']),
      ),
    ),
  );
  expect(addressesOf(node, 'eth0')).toEqual(['192.168.33.11/24', 'fd00:33::11/64']);
  expect(addressesOf(node, 'cni0')).toEqual(['10.244.1.1/24', 'fd00:244:1::1/64']);
  expect(routesOf(node)).toContain('10.244.2.0/24 192.168.33.12');
  expect(routesOf(node)).toContain('::/0 fd00:33::1');
  expect(node.assumed.join('\n')).not.toContain('the Pods of this node');
});

test('a node that the cluster does not know has the addresses that were read of it', () => {
  const node = datapathOf(tutorial(), parityFacts);
  expect(addressesOf(node, 'eth0')).toEqual(['10.10.0.11/24']);
});

test('a node without endpoints gets a network in which no other node has any', () => {
  const cluster = clusterFrom(
    listText(serviceObject('web', '10.96.0.1'), {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'web', namespace: 'default' },
      subsets: [{ addresses: [{ ip: '10.244.0.5', nodeName: 'other' }], ports: [{ port: 80 }] }],
    }),
  );
  expect(addressesOf(datapathOf(cluster), 'cni0')).toEqual(['10.244.1.1/24']);
});

describe('the Pods are behind the device by which local traffic is detected:', () => {
  const linksOf = ({ datapath }: AssumedDatapath) =>
    datapath.links.flatMap(({ name, type, master }) =>
      name === 'kube-ipvs0' ? [] : [[name, type, master].filter(word => word !== undefined).join(' ')],
    );
  const bridgeAssumption =
    'Assumed: the bridge returns packets to the port that they came from, and shows its packets to iptables.';
  const reached = (how: string, uplink: string) =>
    `Assumed: the node reaches its Pods ${how}, and everything else through ${uplink}.`;

  test.each<[LocalDetection, readonly string[], string, boolean]>([
    [
      { by: 'NodeCIDR', networks: { IPv4: '10.244.1.0/24' } },
      ['lo', 'eth0', 'cni0 bridge', 'veth0 veth cni0'],
      reached('through the bridge cni0', 'eth0'),
      true,
    ],
    [
      { by: 'BridgeInterface', name: 'br-pods' },
      ['lo', 'eth0', 'br-pods bridge', 'veth0 veth br-pods'],
      reached('through the bridge br-pods', 'eth0'),
      true,
    ],
    [
      { by: 'InterfaceNamePrefix', prefix: 'cali' },
      ['lo', 'eth0', 'cali0 veth'],
      reached('through devices such as cali0, without a bridge', 'eth0'),
      false,
    ],
    [
      { by: 'InterfaceNamePrefix', prefix: 'eth' },
      ['lo', 'eth1', 'eth0 veth'],
      reached('through devices such as eth0, without a bridge', 'eth1'),
      false,
    ],
  ])('%j', (localDetection, links, assumed, hasBridge) => {
    const node = datapathOf(tutorial(), unknownFacts, { ...tutorialProxy, localDetection });
    expect(linksOf(node)).toEqual(links);
    expect(node.assumed).toContain(assumed);
    expect(node.assumed.includes(bridgeAssumption)).toBe(hasBridge);
    const [, , podDevice = ''] = links.map(link => link.split(' ')[0]);
    expect(routesOf(node)).toContain(`10.244.1.0/24 ${podDevice}`);
    expect(addressesOf(node, podDevice)).toEqual(['10.244.1.1/24']);
  });
});
