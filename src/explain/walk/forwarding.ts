import type { Family } from '../../net/address.js';
import type { Packet } from '../trace/packet.js';
import type { Blame } from '../trace/trace.js';
import type { Walk } from './walk.js';

/** The setting of one device, which the kernel asks for packets that arrive there. */
const forwardingPath = (family: Family, device: string): string =>
  family === 'IPv4' ? `net/ipv4/conf/${device}/forwarding` : `net/ipv6/conf/${device}/forwarding`;

/** The one setting that turns forwarding on for all devices. */
const forwardingSysctl = (family: Family): string =>
  family === 'IPv4' ? 'net/ipv4/ip_forward' : 'net/ipv6/conf/all/forwarding';

/** Returns true if the node forwards packets that arrive on a device. */
export function forwards({ node }: Walk, family: Family, device: string): boolean {
  const own = node.sysctl(forwardingPath(family, device));
  return (own ?? node.sysctl(forwardingSysctl(family)) ?? '1') !== '0';
}

/** The blame for a packet that the node would have to forward. */
export function notForwarding({ node }: Walk, { family, inputDevice = '' }: Packet): Blame {
  const everywhere = forwardingSysctl(family);
  // The kernel passes a new value of this setting on to all devices, but not one that it has already.
  const isOff = node.sysctl(everywhere) !== '1';
  return {
    part: 'sysctl',
    name: isOff ? everywhere : forwardingPath(family, inputDevice),
    value: '0',
    needed: '1',
    why: `The node does not forward packets that arrive on ${inputDevice}.`,
  };
}
