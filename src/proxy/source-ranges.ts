import { type Claim, type ContributionContext, entryClaim, entryText } from './claim.js';
import { isInNetwork } from './networks.js';
import type { ServicePort } from './service-port.js';

/** The firewall of one load balancer VIP: the entries by which the rules let the source ranges in and drop the rest. */
export function sourceRangeClaims(port: ServicePort, address: string, context: ContributionContext): readonly Claim[] {
  if (port.sourceRanges.length === 0) return [];
  const entry = entryText(address, port.protocol, port.port);
  return [
    entryClaim('KUBE-LOAD-BALANCER-FW', port.family, entry),
    ...port.sourceRanges.map(range =>
      entryClaim('KUBE-LOAD-BALANCER-SOURCE-CIDR', port.family, `${entry},${withoutHostPrefix(range)}`),
    ),
    ...(isNodeLetIn(port, context)
      ? [entryClaim('KUBE-LOAD-BALANCER-SOURCE-IP', port.family, `${entry},${address}`)]
      : []),
  ];
}

/** Whether the node itself stands in one of the source ranges. */
export const isNodeLetIn = (port: ServicePort, { nodeAddresses }: ContributionContext): boolean =>
  port.sourceRanges.some(range => nodeAddresses.some(address => isInNetwork(address, range)));

/** ipset prints a single address without its prefix length. */
const withoutHostPrefix = (range: string): string => range.replace(range.includes(':') ? /\/128$/ : /\/32$/, '');
