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
 * Returns the node's primary address of a family, as kube-proxy does (GetNodeHostIPs): the first InternalIP, else the
 * first ExternalIP, and nothing if the cluster knows the node by addresses of the other family only. A node that the
 * cluster knows by no address, or not at all, has all of its own.
 */
export function nodeAddresses(
  cluster: Pick<Cluster, 'nodes'>,
  facts: NodeFacts,
  nodeName: string,
  family: Family,
): readonly string[] {
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
 * Returns the addresses that node ports are served on. A list without a network of the family, or with one that
 * contains every address, means all of them.
 */
export function nodePortAddresses(
  options: ProxyOptions,
  facts: NodeFacts,
  family: Family,
  primary: readonly string[],
): readonly string[] {
  const usable = usableAddresses(facts, family);
  if (options.nodePortAddresses.includes('primary')) return usable.filter(address => primary.includes(address));
  const networks = options.nodePortAddresses.filter(network => familyOf(network) === family);
  if (networks.length === 0 || networks.some(network => network.endsWith('/0'))) return usable;
  return usable.filter(address => networks.some(network => isInNetwork(address, network)));
}
