import { readFileSync } from 'node:fs';
import { startServers } from '../../../../src/sandbox/network/build-network.js';
import type { Pod, ServedPort, Topology } from '../../../../src/sandbox/network/topology.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { placedEndpoints } from '../../../explain/ask/support/world.js';
import { listText } from '../../../support/sample-objects.js';
import { reportEveryError } from '../../packets/support/table.js';
import { output } from '../../support/guest.js';
import { kproxy } from '../../support/kproxy.js';

/** How the Pods of a node are connected: to a bridge, or each with a cable and a route of its own. */
interface NetworkKind {
  readonly name: string;
  readonly cables?: readonly [web: string, pod: string];
  /** The folder in test/explain/nodes whose rules and sets the node has. */
  readonly recorded?: string;
  readonly serves?: readonly ServedPort[];
  /** Commands in the node, before the rules. */
  readonly commands?: (node: NodeOfKind) => readonly string[];
  /** A command that makes the node check sources, so that some packets get no answer any more. */
  readonly strictly?: string;
  /** Commands in the other node. */
  readonly elsewhere?: (node: NodeOfKind) => readonly string[];
}

/** A node of the sandbox, with numbers of its own in all addresses. */
export interface NodeOfKind extends NetworkKind {
  readonly address: string;
  /** `10.244.21`. */
  readonly pods: string;
  readonly vip: string;
  readonly udpVip: string;
}

const served: readonly ServedPort[] = [
  { protocol: 'tcp', port: 8080 },
  { protocol: 'udp', port: 5353 },
];

/** As Calico and PTP do, the node answers for all addresses that a Pod asks for. */
const proxyArp = (device: string): readonly string[] => [
  `sysctl -qw net.ipv4.conf.${device}.proxy_arp=1 net.ipv4.neigh.${device}.proxy_delay=0`,
];

const strict = (...devices: readonly string[]): readonly string[] =>
  devices.map(device => `sysctl -qw net.ipv4.conf.${device}.rp_filter=1`);

/** All nodes elsewhere are one. */
const far = { name: 'far', address: '192.168.33.12', pods: '10.244.2', remote: '10.244.2.2' } as const;

const kinds: readonly NetworkKind[] = [
  {
    name: 'calico',
    cables: ['cali1', 'cali2'],
    recorded: 'calico',
    commands: () => [...proxyArp('cali1'), ...proxyArp('cali2'), ...strict('all', 'eth0', 'cali1', 'cali2')],
  },
  {
    name: 'ptp',
    cables: ['vethweb', 'vethpod'],
    recorded: 'gke',
    commands: ({ pods }) => [
      ...['vethweb', 'vethpod'].map(device => `ip addr add ${pods}.1/32 dev ${device}`),
      ...proxyArp('vethweb'),
      ...proxyArp('vethpod'),
    ],
  },
  {
    name: 'aws',
    cables: ['eni1', 'eni2'],
    recorded: 'aws-vpc-cni',
    // Answers to a Pod of the second device arrive on the first one.
    strictly: 'sysctl -qw net.ipv4.conf.all.rp_filter=0; sysctl -qw net.ipv4.conf.eth0.rp_filter=1',
    commands: ({ pods, address }) => [
      `ip addr add ${address.replace('.33.', '.33.1')}/24 dev eth1`,
      'ip link set eth1 up',
      ...proxyArp('eni1'),
      ...proxyArp('eni2'),
      'sysctl -qw net.ipv4.conf.all.rp_filter=2',
      'ip route del 192.168.33.0/24 dev eth1',
      'ip route add 192.168.33.0/24 dev eth1 scope link table 2',
      `ip route add default via ${far.address} dev eth1 table 2`,
      ...[3, 9].map(number => `ip rule add to ${pods}.${number} lookup main priority 512`),
      'ip rule add fwmark 0x80/0x80 lookup main priority 1024',
      `ip rule add from ${pods}.9 lookup 2 priority 1536`,
    ],
  },
  {
    name: 'flannel',
    recorded: 'flannel',
    commands: ({ address, pods }) => [
      `ip link add flannel.1 type vxlan id 1 local ${address} remote ${far.address} dstport 8472 dev eth0`,
      `ip addr add ${pods}.0/32 dev flannel.1`,
      'ip link set flannel.1 up',
      `ip route replace ${far.pods}.0/24 via ${far.pods}.0 dev flannel.1 onlink`,
    ],
    elsewhere: ({ address, pods }) => [
      `ip link add flannel.1 type vxlan id 1 local ${far.address} remote ${address} dstport 8472 dev eth0`,
      `ip addr add ${far.pods}.0/32 dev flannel.1`,
      'ip link set flannel.1 up',
      `ip route replace ${pods}.0/24 via ${pods}.0 dev flannel.1 onlink`,
    ],
  },
  {
    name: 'docker',
    recorded: 'docker',
    commands: () => ['ip link add docker0 type bridge', 'ip addr add 172.17.0.1/16 dev docker0'],
  },
  { name: 'ufw', recorded: 'ufw' },
  {
    name: 'dns',
    recorded: 'node-local-dns',
    serves: (['tcp', 'udp'] as const).map(protocol => ({ protocol, port: 53 })),
    commands: ({ pods }) => [
      'ip link add nodelocaldns type dummy',
      'ip addr add 169.254.20.10/32 dev nodelocaldns',
      // The server listens on all addresses, so that the kernel chooses from which one a datagram is answered.
      ...[3, 9].map(number => `ip route add ${pods}.${number} dev cni0 src 169.254.20.10`),
    ],
  },
];

export const nodes: readonly NodeOfKind[] = kinds.map((kind, index) => ({
  ...kind,
  address: `192.168.33.${21 + index}`,
  pods: `10.244.${21 + index}`,
  vip: `10.254.0.${21 + index}`,
  udpVip: `10.254.1.${21 + index}`,
}));

/** Two Pods of a node: a backend, and one that is only a client. */
const podsOf = ({ name, pods }: NodeOfKind): readonly Pod[] => [
  { name: `web-${name}`, node: name, addresses: [`${pods}.3/24`], serves: served },
  { name: `pod-${name}`, node: name, addresses: [`${pods}.9/24`] },
];

export const networks: Topology = {
  nodes: [
    ...nodes.map(({ name, address, pods, cables }) => ({
      name,
      addresses: [`${address}/24`],
      podBridge: cables === undefined ? [`${pods}.1/24`] : [],
      routes: cables === undefined ? [] : [{ to: 'default', via: '192.168.33.1' }],
    })),
    {
      name: far.name,
      addresses: [`${far.address}/24`],
      podBridge: [`${far.pods}.1/24`],
      routes: nodes.flatMap(({ pods, address, cables }) =>
        cables === undefined ? [] : [{ to: `${pods}.0/24`, via: address }],
      ),
    },
  ],
  pods: [
    ...nodes.filter(({ cables }) => cables === undefined).flatMap(podsOf),
    { name: 'remote', node: far.name, addresses: [`${far.remote}/24`], serves: served },
  ],
  clients: [
    {
      name: 'outside',
      addresses: ['192.168.33.99/24'],
      routes: nodes.flatMap(({ vip, udpVip, address }) => [vip, udpVip].map(to => ({ to: `${to}/32`, via: address }))),
    },
  ],
};

export const prepareMachines = (sandbox: Sandbox): Promise<void> =>
  reportEveryError(sandbox, [...nodes.map(({ name }) => name), far.name]);

/** Builds what the topology has no words for, and programs a node with kproxy, after other software. */
export async function prepareNode(sandbox: Sandbox, node: NodeOfKind): Promise<void> {
  const run = (lines: readonly string[], namespace: string) =>
    output(sandbox, ['sh', '-c', ['set -e', ...lines].join('\n')], { namespace });
  const { name, cables = [], commands, elsewhere, serves = [], recorded } = node;
  const pods = podsOf(node);
  if (cables.length > 0) {
    for (const [index, pod] of pods.entries()) await connect(sandbox, node, pod, cables[index] ?? '');
    await startServers(sandbox, pods);
  }
  if (name === 'aws') await output(sandbox, ['sh', '-c', secondCable(name)]);
  await startServers(sandbox, [{ name, serves }]);
  await run(['sysctl -qw net.ipv4.ip_forward=1', ...(commands?.(node) ?? [])], name);
  if (elsewhere !== undefined) await run(elsewhere(node), far.name);
  if (recorded !== undefined) await restore(sandbox, node, recorded);
  await sync(sandbox, node);
}

/** Connects a Pod with a route to its address alone. */
async function connect(sandbox: Sandbox, { name: node }: NodeOfKind, { name, addresses }: Pod, device: string) {
  const address = addresses[0]?.split('/')[0] ?? '';
  const lines = [
    'set -e',
    `ip netns add ${name}`,
    `ip link add eth0 netns ${name} type veth peer name ${device} netns ${node}`,
    `ip -n ${node} link set ${device} up`,
    `ip -n ${node} route add ${address}/32 dev ${device} scope link`,
    `ip -n ${name} link set lo up`,
    `ip -n ${name} addr add ${address}/32 dev eth0`,
    `ip -n ${name} link set eth0 up`,
    `ip -n ${name} route add 169.254.1.1 dev eth0 scope link`,
    `ip -n ${name} route add default via 169.254.1.1 dev eth0`,
  ];
  await output(sandbox, ['sh', '-c', lines.join('\n')]);
}

const secondCable = (node: string): string =>
  [
    'set -e',
    `ip link add eth1 netns ${node} type veth peer name ${node}-1 netns underlay`,
    `ip -n underlay link set ${node}-1 master underlay up`,
  ].join('\n');

/** Loads recorded sets and rules, with the node's own addresses. */
async function restore(sandbox: Sandbox, { name, address, pods }: NodeOfKind, recorded: string): Promise<void> {
  const load = async (file: string, argv: readonly string[]) => {
    const path = new URL(`../../../explain/nodes/${recorded}/${file}`, import.meta.url);
    const text = readFileSync(path, 'utf8')
      .replaceAll(/\b10\.244\.1\./g, `${pods}.`)
      .replaceAll('192.168.33.11', address)
      .replaceAll(/-p (?:ipv4|ipencap) /g, '-p 4 ');
    await output(sandbox, argv, { namespace: name, input: text });
  };
  if (recorded === 'calico') await load('ipset-save', ['ipset', 'restore']);
  await load('iptables-save', ['iptables-restore']);
}

async function sync(sandbox: Sandbox, node: NodeOfKind): Promise<void> {
  const argv = ['sync', '--from', '-', '--node', node.name, '--cluster-cidr', '10.244.0.0/16'];
  const { exitCode, stderr } = await kproxy(sandbox, node.name, argv, clusterOf(node));
  if (exitCode !== 0) throw new Error(`the sync of ${node.name} failed: ${stderr}`);
}

export const nodePorts = { tcp: 30_080, udp: 30_053 } as const;
export const localNodePort = 30_081;

function clusterOf({ name, pods, vip, udpVip }: NodeOfKind): string {
  const service = (called: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: called, namespace: 'default' },
    spec: { type: 'NodePort', ...spec },
  });
  const endpoints = (called: string) =>
    placedEndpoints(called, { [`${pods}.3`]: name, [far.remote]: far.name }, { port: 8080 });
  return listText(
    service('tcp', { clusterIP: vip, ports: [{ port: 80, targetPort: 8080, nodePort: nodePorts.tcp }] }),
    endpoints('tcp'),
    service('udp', {
      clusterIP: udpVip,
      ports: [{ port: 53, protocol: 'UDP', targetPort: 5353, nodePort: nodePorts.udp }],
    }),
    placedEndpoints('udp', { [`${pods}.3`]: name, [far.remote]: far.name }, { port: 5353, protocol: 'UDP' }),
    service('local', {
      clusterIP: vip.replace('.0.', '.2.'),
      externalTrafficPolicy: 'Local',
      ports: [{ port: 80, targetPort: 8080, nodePort: localNodePort }],
    }),
    endpoints('local'),
  );
}
