import type { Cluster } from '../cluster/cluster.js';
import type { Node } from '../cluster/schema/node.js';
import { canonicalAddress, type Family, familyOf } from '../net/address.js';
import { isInNetwork } from '../net/network.js';
import { whyUnusable } from '../net/unusable.js';
import type { NodeFacts } from '../node/facts.js';
import type { ProxyOptions } from './options.js';

/** Returns the node's own addresses of a family that other machines can use. */
const usableAddresses = (facts: NodeFacts, family: Family): readonly string[] => [
  ...new Set(
    facts.localAddresses
      .map(local => local.address)
      .filter(address => familyOf(address) === family && whyUnusable(address) === undefined),
  ),
];

/**
 * Returns the node's primary address of a family, as kube-proxy does (detectNodeIPs, GetNodeHostIPs): that of
 * `--bind-address`, else the first InternalIP, else the first ExternalIP, and nothing if the cluster knows the node by
 * addresses of the other family only. A node that the cluster knows by no address, or not at all, has all of its own.
 */
export function nodeAddresses(
  cluster: Pick<Cluster, 'nodes'>,
  facts: NodeFacts,
  { nodeName, bindAddress }: Pick<ProxyOptions, 'nodeName' | 'bindAddress'>,
  family: Family,
): readonly string[] {
  if (bindAddress !== undefined && familyOf(bindAddress) === family) return [bindAddress];
  const node = cluster.nodes.find(({ metadata }) => metadata.name === nodeName);
  const known = [...addressesOfType(node, 'InternalIP'), ...addressesOfType(node, 'ExternalIP')];
  if (known.length === 0) return usableAddresses(facts, family);
  return known.filter(address => familyOf(address) === family).slice(0, 1);
}

const addressesOfType = (node: Node | undefined, type: string): readonly string[] =>
  (node?.status?.addresses ?? [])
    .filter(address => address.type === type)
    .flatMap(({ address }) => canonicalAddress(address) ?? []);

/**
 * The words that kube-proxy takes among the networks: the addresses of the Node object, the loopback (where ipvs mode
 * serves no node ports), and every address.
 */
export const nodePortKeywords = ['primary', 'localhost', 'all'] as const;
export type NodePortKeyword = (typeof nodePortKeywords)[number];

/**
 * Returns the addresses that node ports are served on. A list without a network of the family, or with one that
 * contains every address, means all of them. A keyword stands for addresses of both families: with `primary` alone, a
 * family that the cluster knows no address of serves none (kube-proxy serves all of that family's).
 */
export function nodePortAddresses(
  { nodePortAddresses: list }: Pick<ProxyOptions, 'nodePortAddresses'>,
  facts: NodeFacts,
  family: Family,
  primary: readonly string[],
): readonly string[] {
  const usable = usableAddresses(facts, family);
  const hasKeyword = nodePortKeywords.some(keyword => list.includes(keyword));
  const networks = list.filter(part => part.includes('/') && familyOf(part) === family);
  if (list.includes('all') || networks.some(network => network.endsWith('/0'))) return usable;
  if (networks.length === 0 && !hasKeyword) return usable;
  return usable.filter(
    address =>
      (list.includes('primary') && primary.includes(address)) ||
      networks.some(network => isInNetwork(address, network)),
  );
}
