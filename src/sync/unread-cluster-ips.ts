import type { Service } from '../cluster/schema/service.js';
import { families } from '../net/address.js';
import type { NodeFacts } from '../node/facts.js';
import { kernelSetName } from '../node/names.js';
import { elementsOf, type NodeState } from '../node/state.js';
import { virtualServerOfEntry } from '../node/tools/text.js';
import { heldClusterIps } from '../proxy/service-port.js';

const clusterIpSets: ReadonlySet<string> = new Set(families.map(family => kernelSetName('KUBE-CLUSTER-IP', family)));

/** Which Services were read. */
export interface ReadServices {
  /** The only namespace that was read. Undefined means all. */
  readonly namespace: string | undefined;
  readonly services: Iterable<Service>;
}

/**
 * Returns the facts with the cluster IPs that the node serves for Services of other namespaces, if only one namespace
 * was read. The entries of the node are all that is known of those Services.
 */
export function withUnreadClusterIps(
  facts: NodeFacts,
  actual: NodeState,
  { namespace, services }: ReadServices,
): NodeFacts {
  const { unreadClusterIps: _before, ...others } = facts;
  if (namespace === undefined) return others;
  const found = new Set<string>();
  for (const { set, value } of elementsOf(actual, 'entry')) {
    const server = clusterIpSets.has(set) ? virtualServerOfEntry(value) : undefined;
    if (server !== undefined) found.add(server.address);
  }
  for (const service of services) for (const address of heldClusterIps(service)) found.delete(address);
  return found.size === 0 ? others : { ...others, unreadClusterIps: [...found].sort() };
}
