import type { Protocol } from '../../net/protocol.js';
import { errorOfRejection } from '../rules/rejections.js';
import type { Packet } from '../trace/packet.js';

export const noAnswer = 'no answer (timeout)';
export const refused = 'Connection refused';
const notPermitted = 'Operation not permitted';

/** Errors that a UDP socket ignores unless it asks for them (IP_RECVERR): the network may get better. */
const softErrors = /(net|host|addr)-unreach|no-route/;

/**
 * Returns what a client gets for a rejection, by the word of iptables. Seen on Linux 6.1 with connected sockets. The
 * kernel's SCTP ignores all errors but one, waits, and tries again.
 */
export function seenOfRejection(how: string, protocol: Protocol): string {
  const text = errorOfRejection(how) ?? refused;
  if (protocol === 'TCP' || /proto-unreach/.test(how)) return text;
  return protocol === 'UDP' && !softErrors.test(how) ? text : noAnswer;
}

/** Returns true for a packet that a process of this node is still sending: IPVS has not taken it over. */
export const isBeingSent = ({ inputDevice, virtual }: Packet): boolean =>
  inputDevice === undefined && virtual === undefined;

/** Returns what a client gets if its packet is dropped: only send() of a datagram reports that. */
export const seenOfDrop = (packet: Packet): string =>
  packet.protocol === 'UDP' && isBeingSent(packet) ? notPermitted : noAnswer;

/** Returns what a client gets from a virtual server without a usable real server (`ip_vs_leave`). */
export function seenWithoutRealServer(packet: Packet): string {
  if (packet.protocol === 'UDP' && isBeingSent(packet)) return notPermitted;
  return seenOfRejection('icmp-port-unreachable', packet.protocol);
}
