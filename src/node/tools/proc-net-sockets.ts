import { canonicalAddress, familyOf, ipv6Text } from '../../net/address.js';
import type { ListeningSocket } from '../datapath/datapath.js';

const headingLines = 1;

/** The state of a socket that waits for packets: TCP_LISTEN, and for UDP, which has no connections, TCP_CLOSE. */
const waiting = { TCP: '0A', UDP: '07' } as const;

/**
 * Parses /proc/net/tcp, tcp6, udp or udp6 of a little-endian machine: the sockets that wait for packets of any sender.
 * A socket of IPv6 for an IPv4-mapped address takes IPv4 only.
 * @throws SyntaxError on a line that the kernel would not print
 */
export function* parseProcNetSockets(text: string, protocol: 'TCP' | 'UDP'): Generator<ListeningSocket> {
  for (const line of text.split('\n').slice(headingLines)) {
    if (line === '') continue;
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [, host, port] = /^((?:[\dA-F]{8}|[\dA-F]{32})):([\dA-F]{4})$/.exec(local) ?? [];
    if (host === undefined || port === undefined || state === undefined)
      throw new SyntaxError(`not a socket of /proc/net: ${line}`);
    if (state !== waiting[protocol]) continue;
    const address = hostText(host);
    yield { protocol, family: familyOf(address), address, port: Number.parseInt(port, 16) };
  }
}

/** Returns the address in hexadecimal words, each with its bytes in reverse order. */
function hostText(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map(byte => Number.parseInt(byte, 16)).join('.');
  const text = bytes.join('').replace(/(.{4})(?=.)/g, '$1:');
  return canonicalAddress(text) ?? ipv6Text(text);
}
