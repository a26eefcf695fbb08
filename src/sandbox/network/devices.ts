import { Address6 } from 'ip-address';
import { familyOf } from '../../net/address.js';

export const isIpv6 = (address: string): boolean => familyOf(address) === 'IPv6';

/** Returns the address of `10.244.1.1/24`. */
export const withoutPrefixLength = (address: string): string => address.split('/')[0] ?? address;

/** Returns lines that create a namespace with a cable from its eth0 to a device of its name in another namespace. */
export const cableLines = (name: string, otherEnd: string): readonly string[] => [
  `netns add ${name}`,
  `link add eth0 netns ${name} type veth peer name ${name} netns ${otherEnd}`,
];

/** Returns lines that create a bridge. */
export const bridgeLines = (name: string, addresses: readonly string[]): readonly string[] => [
  // A fixed hardware address. The bridge's own changes with its ports, which invalidates all neighbor tables.
  `link add ${name} address 0a:58:00:00:00:01 type bridge forward_delay 0 mcast_snooping 0`,
  ...deviceLines(name, addresses),
];

/**
 * Returns lines that bring a device up with addresses that work at once. `nodad` turns off duplicate address detection,
 * during which an IPv6 address cannot be used for a second or two. A router also needs a link-local address to query
 * its neighbors, so one is added here and not by the kernel. The device comes up before the addresses, because the
 * route for neighbor queries is created with them only if the device is up.
 */
export function deviceLines(device: string, addresses: readonly string[]): readonly string[] {
  const linkLocal = addresses.filter(isIpv6).slice(0, 1).map(linkLocalOf);
  return [
    `link set dev ${device} addrgenmode none up`,
    ...[...addresses, ...linkLocal].map(
      address => `addr add ${address} dev ${device}${isIpv6(address) ? ' nodad' : ''}`,
    ),
  ];
}

/** Returns the link-local address with the same interface part. */
function linkLocalOf(address: string): string {
  const groups = new Address6(address).parsedAddress.slice(4);
  return `fe80:0:0:0:${groups.join(':')}/64`;
}
