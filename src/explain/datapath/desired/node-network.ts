import type { Cluster } from '../../../cluster/cluster.js';
import type { Node } from '../../../cluster/schema/node.js';
import { canonicalAddress, type Family, familyOf, isLoopback } from '../../../net/address.js';
import { addressAt, canonicalNetwork, isInNetwork } from '../../../net/network.js';
import { whyUnusable } from '../../../net/unusable.js';
import type { NodeFacts } from '../../../node/facts.js';
import { ipvsDevice } from '../../../node/names.js';
import type { ProxyOptions } from '../../../proxy/options.js';
import { someText } from '../../../text.js';
import type { Assumptions } from './assumptions.js';
import { type PlacedEndpoint, placedEndpoints } from './known-endpoints.js';

/** What is known of a node that was not read. */
export interface KnownOfNode {
  readonly cluster: Pick<Cluster, 'nodes' | 'endpointSlices' | 'endpoints'>;
  readonly facts: Pick<NodeFacts, 'localAddresses'>;
  readonly options: Pick<ProxyOptions, 'nodeName' | 'clusterCidrs' | 'localDetection'>;
}

/** The networks that a node has in one family. */
export interface NodeNetwork {
  readonly family: Family;
  /** The node's addresses towards other machines, with the prefix of their network. */
  readonly addresses: readonly PrefixedAddress[];
  /** The router of the node's network. */
  readonly gateway: string;
  /** The networks of this node's Pods, in canonical form. */
  readonly podNetworks: readonly string[];
  /** The networks of other nodes' Pods, and the address of the node that they are reached through. */
  readonly otherPods: readonly { readonly network: string; readonly via: string }[];
}

interface PrefixedAddress {
  readonly address: string;
  readonly prefix: number;
}

/** The prefix length of a network about which only one address is known. */
const usualPrefix = { IPv4: 24, IPv6: 64 } as const;
/** Addresses for documentation (RFC 5737, RFC 3849), for a node that nothing is known of. */
const placeholders = { IPv4: '192.0.2.2', IPv6: '2001:db8::2' } as const;
const usualPodNetworks = { IPv4: '10.244.0.0/24', IPv6: 'fd00:10:244::/64' } as const;

const networkAround = (address: string): string =>
  canonicalNetwork(`${address}/${usualPrefix[familyOf(address)]}`) ?? address;
const networkOf = ({ address, prefix }: PrefixedAddress): string => canonicalNetwork(`${address}/${prefix}`) ?? address;

/** Returns the networks that a node most likely has, and notes each of them that the cluster does not name. */
export function nodeNetwork(known: KnownOfNode, family: Family, assumptions: Assumptions): NodeNetwork {
  const addresses = nodeAddresses(known, family, assumptions);
  const [first = { address: placeholders[family], prefix: usualPrefix[family] }] = addresses;
  const router = addressAt(networkOf(first), 1);
  const podNetworks = ownPodNetworks(known, family, addresses, assumptions);
  return {
    family,
    addresses,
    gateway: router === first.address ? addressAt(networkOf(first), 254) : router,
    podNetworks,
    otherPods: otherPodNetworks(known, family).filter(({ network }) => !podNetworks.includes(network)),
  };
}

function nodeAddresses(
  { cluster, facts, options: { nodeName } }: KnownOfNode,
  family: Family,
  assumptions: Assumptions,
): readonly PrefixedAddress[] {
  const node = cluster.nodes.find(({ metadata }) => metadata.name === nodeName);
  const named = internalAddresses(node, family).map(address => ({ address, prefix: usualPrefix[family] }));
  if (named.length > 0) {
    assumptions.add(`the networks of the node's ${family} addresses have the prefix length ${usualPrefix[family]}`);
    return named;
  }
  const own = facts.localAddresses.filter(
    ({ address, link }) => familyOf(address) === family && link !== ipvsDevice && whyUnusable(address) === undefined,
  );
  if (own.length > 0) return own.map(({ address, prefix }) => ({ address, prefix }));
  assumptions.add(`the node's ${family} address is ${placeholders[family]}, because the cluster does not name it`);
  return [{ address: placeholders[family], prefix: usualPrefix[family] }];
}

const internalAddresses = (node: Node | undefined, family: Family): readonly string[] =>
  (node?.status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .flatMap(({ address }) => canonicalAddress(address) ?? [])
    .filter(address => familyOf(address) === family && !isLoopback(address));

function ownPodNetworks(
  known: KnownOfNode,
  family: Family,
  addresses: readonly PrefixedAddress[],
  assumptions: Assumptions,
): readonly string[] {
  const { cluster, options } = known;
  const node = cluster.nodes.find(({ metadata }) => metadata.name === options.nodeName);
  const named = podNetworksOf(node, family);
  if (named.length > 0) return named;
  const networksOfNodes = addresses.map(networkOf);
  const isOfNodes = (address: string) => networksOfNodes.some(network => isInNetwork(address, network));
  const endpoints = placedEndpoints(cluster, family).filter(({ address }) => !isOfNodes(address));
  const around = networksAround(endpointAddressesByNode(endpoints).get(options.nodeName) ?? []);
  const networks = around.length > 0 ? around : [freeNetwork(options.clusterCidrs[family], family, endpoints)];
  assumptions.add(`the Pods of this node have addresses of ${someText(networks)}`);
  return networks;
}

const podNetworksOf = (node: Node | undefined, family: Family): readonly string[] => {
  const { podCIDR, podCIDRs } = node?.spec ?? {};
  return [...new Set([podCIDR, ...(podCIDRs ?? [])].flatMap(text => canonicalNetwork(text ?? '') ?? []))].filter(
    network => familyOf(network) === family,
  );
};

const networksAround = (addresses: readonly string[]): readonly string[] => [...new Set(addresses.map(networkAround))];

/** Returns a network of the Pods' network in which no known endpoint is: those are on other nodes. */
function freeNetwork(
  clusterCidr: string | undefined,
  family: Family,
  endpoints: readonly { readonly address: string }[],
): string {
  const used = new Set(networksAround(endpoints.map(({ address }) => address)));
  const whole = clusterCidr === undefined ? undefined : canonicalNetwork(clusterCidr);
  const start = whole === undefined ? usualPodNetworks[family] : networkAround(addressAt(whole, 0));
  let network = start;
  for (let tries = 0; used.has(network) && tries <= used.size; tries += 1) network = networkAfter(network);
  return network;
}

const networkAfter = (network: string): string => {
  const size = familyOf(network) === 'IPv4' ? 2 ** 8 : 2 ** 64;
  return networkAround(addressAt(network, size));
};

function otherPodNetworks({ cluster, options }: KnownOfNode, family: Family): NodeNetwork['otherPods'] {
  const addressesOn = endpointAddressesByNode(placedEndpoints(cluster, family));
  return cluster.nodes
    .filter(({ metadata }) => metadata.name !== options.nodeName)
    .flatMap(node => {
      const [via] = internalAddresses(node, family);
      if (via === undefined) return [];
      const named = podNetworksOf(node, family);
      const own = (addressesOn.get(node.metadata.name) ?? []).filter(address => address !== via);
      return (named.length > 0 ? named : networksAround(own)).map(network => ({ network, via }));
    });
}

/** Returns the addresses of the endpoints on each node that is named. */
function endpointAddressesByNode(endpoints: readonly PlacedEndpoint[]): ReadonlyMap<string, readonly string[]> {
  const byNode = new Map<string, string[]>();
  for (const { address, nodeName } of endpoints) {
    if (nodeName === undefined) continue;
    const known = byNode.get(nodeName);
    if (known === undefined) byNode.set(nodeName, [address]);
    else known.push(address);
  }
  return byNode;
}
