import { isInNetwork } from '../net/network.js';
import { type Ask, entryText, type NodeContext } from './claim.js';
import type { ServicePort } from './service-port.js';

/** The firewall of one load balancer VIP: the entries by which the rules let the source ranges in and drop the rest. */
export function askForSourceRanges(port: ServicePort, address: string, node: NodeContext, ask: Ask): void {
  if (port.sourceRanges.length === 0) return;
  const entry = entryText(address, port.protocol, port.port);
  ask.entry('KUBE-LOAD-BALANCER-FW', entry);
  for (const range of port.sourceRanges)
    ask.entry('KUBE-LOAD-BALANCER-SOURCE-CIDR', `${entry},${withoutHostPrefix(range)}`);
  if (isNodeLetIn(port, node)) ask.entry('KUBE-LOAD-BALANCER-SOURCE-IP', `${entry},${address}`);
}

/** Whether the node itself stands in one of the source ranges. */
export const isNodeLetIn = (port: ServicePort, { nodeAddresses }: NodeContext): boolean =>
  port.sourceRanges.some(range => nodeAddresses.some(address => isInNetwork(address, range)));

/** ipset prints a single address without its prefix length. */
const withoutHostPrefix = (range: string): string => range.replace(range.includes(':') ? /\/128$/ : /\/32$/, '');
