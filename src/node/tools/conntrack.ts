import { familyOf } from '../../net/address.js';

/** One UDP flow as conntrack lists it. */
export interface UdpFlow {
  /** Where the client sends its packets. */
  readonly address: string;
  readonly port: number;
  /** Where the answers come from: the backend, or the same address and port if the packets were not redirected. */
  readonly backend: string;
  readonly backendPort: number;
}

/** Returns the words that make conntrack read the table of an address's family. */
export const familyArguments = (address: string): readonly string[] =>
  familyOf(address) === 'IPv6' ? ['-f', 'ipv6'] : [];

const tuple = 'src=\\S+ dst=(\\S+) sport=\\d+ dport=(\\d+)';
const replyTuple = 'src=(\\S+) dst=\\S+ sport=(\\d+) dport=\\d+';
const line = new RegExp(`^udp +17 .*?${tuple} .*?${replyTuple}`, 'gm');

/**
 * Yields the flows in the output of `conntrack -L -p udp`. Skips every other line: the table belongs to all programs of
 * the node, and what is not understood is left alone.
 */
export function* parseUdpFlows(text: string): Generator<UdpFlow> {
  for (const [, address = '', port, backend = '', backendPort] of text.matchAll(line))
    yield { address, port: Number(port), backend, backendPort: Number(backendPort) };
}
