import { isInNetwork, withoutHostPrefix } from '../net/network.js';
import { type Claimer, entryText, type NodeContext } from './claim.js';
import type { ServicePort } from './service-port.js';

/**
 * Claims the firewall of one load balancer VIP: the entries by which rules accept the source ranges and drop the rest.
 */
export function claimSourceRanges(port: ServicePort, address: string, node: NodeContext, claimer: Claimer): void {
  if (port.sourceRanges.length === 0) return;
  const entry = entryText(address, port.protocol, port.port);
  claimer.entry('KUBE-LOAD-BALANCER-FW', entry);
  for (const range of port.sourceRanges)
    claimer.entry('KUBE-LOAD-BALANCER-SOURCE-CIDR', `${entry},${withoutHostPrefix(range)}`);
  if (isNodeInRanges(port, node)) claimer.entry('KUBE-LOAD-BALANCER-SOURCE-IP', `${entry},${address}`);
}

/** Returns true if the node itself is in one of the source ranges. */
export const isNodeInRanges = (port: ServicePort, { nodeAddresses }: NodeContext): boolean =>
  port.sourceRanges.some(range => nodeAddresses.some(address => isInNetwork(address, range)));
