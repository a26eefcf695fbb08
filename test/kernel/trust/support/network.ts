import type { NodeMachine, ServedPort, Topology } from '../../../../src/sandbox/network/topology.js';

export const node = 'node';
const served: readonly ServedPort[] = [
  { protocol: 'tcp', port: 8080 },
  { protocol: 'udp', port: 5353 },
];
export const targetPorts = { tcp: 8080, udp: 5353 } as const;

/** Routes the packets of every VIP to the node under test. */
const routes = [
  ...['10.254.0.0/16', '198.51.100.0/24', '203.0.113.0/24'].map(to => ({ to, via: '192.168.33.11' })),
  { to: 'fd00:254::/112', via: 'fd00:192:168:33::11' },
];

const pod = (name: string, onNode: string, network: number, host: number, serves: readonly ServedPort[] = served) => ({
  name,
  node: onNode,
  addresses: [`10.244.${network}.${host}/24`, `fd00:244:${network}::${host}/64`],
  serves,
});

/**
 * The node under test and another one with two backends each, a Pod that is only a client, and a machine outside the
 * cluster.
 */
export const topology: Topology = {
  nodes: [
    {
      name: node,
      addresses: ['192.168.33.11/24', 'fd00:192:168:33::11/64'],
      podBridge: ['10.244.1.1/24', 'fd00:244:1::1/64'],
    },
    {
      name: 'neighbour',
      addresses: ['192.168.33.12/24', 'fd00:192:168:33::12/64'],
      podBridge: ['10.244.2.1/24', 'fd00:244:2::1/64'],
      routes,
    },
  ],
  pods: [
    pod('near-1', node, 1, 3),
    pod('near-2', node, 1, 4),
    pod('far-1', 'neighbour', 2, 3),
    pod('far-2', 'neighbour', 2, 4),
    pod('client', node, 1, 9, []),
  ],
  clients: [{ name: 'outside', addresses: ['192.168.33.99/24', 'fd00:192:168:33::99/64'], routes }],
};

/** The machine of a control plane, if there is one. */
export const master: NodeMachine = {
  name: 'master',
  addresses: ['192.168.33.10/24', 'fd00:192:168:33::10/64'],
  podBridge: [],
};

export const clusterCidr = '10.244.0.0/16,fd00:244::/32';

export const isNear = (backend: string): boolean => backend.startsWith('near');

const machines = [...topology.nodes, ...topology.pods, ...topology.clients];

/** Returns the address of a machine or Pod in the family of another address. */
export function addressOf(name: string, like: string): string {
  const machine = machines.find(one => one.name === name);
  return inFamilyOf(like, machine?.addresses ?? []);
}

/** Returns the address that the node's Pods see as the source of masqueraded packets. */
export const bridgeAddress = (like: string): string => inFamilyOf(like, topology.nodes[0]?.podBridge ?? []);

const inFamilyOf = (like: string, addresses: readonly string[]): string =>
  addresses.find(address => address.includes(':') === like.includes(':'))?.split('/')[0] ?? '';
