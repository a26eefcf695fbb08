import { type Ask, type Claim, type ContributionContext, entryText } from './claim.js';
import { isInNetwork } from './networks.js';
import type { ServicePort } from './service-port.js';

/** The firewall of one load balancer VIP: the entries by which the rules let the source ranges in and drop the rest. */
export function sourceRangeClaims(
  port: ServicePort,
  address: string,
  context: ContributionContext,
  ask: Ask,
): readonly Claim[] {
  if (port.sourceRanges.length === 0) return [];
  const entry = entryText(address, port.protocol, port.port);
  return [
    ask.entry('KUBE-LOAD-BALANCER-FW', entry),
    ...port.sourceRanges.map(range =>
      ask.entry('KUBE-LOAD-BALANCER-SOURCE-CIDR', `${entry},${withoutHostPrefix(range)}`),
    ),
    ...(isNodeLetIn(port, context) ? [ask.entry('KUBE-LOAD-BALANCER-SOURCE-IP', `${entry},${address}`)] : []),
  ];
}

/** Whether the node itself stands in one of the source ranges. */
export const isNodeLetIn = (
  port: ServicePort,
  { nodeAddresses }: Pick<ContributionContext, 'nodeAddresses'>,
): boolean => port.sourceRanges.some(range => nodeAddresses.some(address => isInNetwork(address, range)));

/** ipset prints a single address without its prefix length. */
const withoutHostPrefix = (range: string): string => range.replace(range.includes(':') ? /\/128$/ : /\/32$/, '');
