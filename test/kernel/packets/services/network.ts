import { withoutPrefixLength } from '../../../../src/sandbox/network/devices.js';
import type { ServedPort, Topology } from '../../../../src/sandbox/network/topology.js';

/** The ports that the Pods serve: the target ports of the Services. */
export const served: readonly ServedPort[] = [
  { protocol: 'tcp', port: 8080 },
  { protocol: 'udp', port: 5353 },
  { protocol: 'sctp', port: 9999 },
];

const networkOfVips = ['10.254.0.0/16', '198.51.100.0/24', '203.0.113.0/24'];
const networkOfIpv6Vips = ['fd00:254::/112', 'fd00:198::/112', 'fd00:203::/112'];
/** Routes the packets of every VIP to the node under test. */
const routes = [
  ...networkOfVips.map(to => ({ to, via: '192.168.33.11' })),
  ...networkOfIpv6Vips.map(to => ({ to, via: 'fd00:192:168:33::11' })),
];

/** A port on which the node itself listens, and which no Service has. */
export const nodesOwnPort = 9100;

/**
 * The node under test with a backend and a Pod that is only a client, another node with the same, and a machine outside
 * the cluster.
 */
export const topology: Topology = {
  nodes: [
    {
      name: 'node',
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
    { name: 'local', node: 'node', addresses: ['10.244.1.3/24', 'fd00:244:1::3/64'], serves: served },
    { name: 'remote', node: 'neighbour', addresses: ['10.244.2.2/24', 'fd00:244:2::2/64'], serves: served },
    { name: 'pod', node: 'node', addresses: ['10.244.1.9/24', 'fd00:244:1::9/64'] },
    { name: 'elsewhere', node: 'neighbour', addresses: ['10.244.2.9/24', 'fd00:244:2::9/64'] },
  ],
  clients: [{ name: 'outside', addresses: ['192.168.33.99/24', 'fd00:192:168:33::99/64'], routes }],
};

/** The networks of the Pods of each node. */
export const podCidrs: Readonly<Record<string, readonly string[]>> = {
  node: ['10.244.1.0/24', 'fd00:244:1::/64'],
  neighbour: ['10.244.2.0/24', 'fd00:244:2::/64'],
};

export const clusterCidr = '10.244.0.0/16,fd00:244::/32';

/** Returns the addresses of a machine or Pod without prefix lengths, for a node with those of its bridge. */
export function addressesOf(name: string): readonly string[] {
  const node = topology.nodes.find(one => one.name === name);
  const other = [...topology.pods, ...topology.clients].find(one => one.name === name);
  const addresses = [...(node?.addresses ?? []), ...(node?.podBridge ?? []), ...(other?.addresses ?? [])];
  return addresses.map(withoutPrefixLength);
}
