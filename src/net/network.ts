import { Address4, Address6 } from 'ip-address';
import { canonicalAddress, familyOf, hostPrefix, ipv6Text } from './address.js';
import { ipv4Number, ipv4Text } from './address-bits.js';
import { trimSpace } from './trim-space.js';

/**
 * Returns the canonical text of a masked network (`10.0.0.5/8` becomes `10.0.0.0/8`), or undefined if the text is not
 * a network in CIDR notation.
 */
export function canonicalNetwork(text: string): string | undefined {
  const [address, prefix, more] = trimSpace(text).split('/');
  if (address === undefined || prefix === undefined || more !== undefined) return undefined;
  const canonical = canonicalAddress(address);
  if (canonical === undefined || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const length = Number(prefix);
  if (length > hostPrefix(familyOf(address))) return undefined;
  if (familyOf(canonical) === familyOf(address)) return masked(canonical, length);
  // An IPv4-mapped network has 96 bits in front of the IPv4 address. One that is larger is an ordinary IPv6 network.
  return length < 96 ? masked(ipv6Text(address), length) : masked(canonical, length - 96);
}

function masked(address: string, length: number): string {
  const start =
    familyOf(address) === 'IPv6'
      ? ipv6Text(new Address6(`${address}/${length}`).startAddress().correctForm())
      : ipv4Text(networkNumber(address, length) * networkSize(length));
  return `${start}/${length}`;
}

/** Returns how many addresses an IPv4 network has. */
const networkSize = (prefix: number): number => 2 ** (32 - prefix);

/** Returns the number of an address's network among the IPv4 networks of one size. */
const networkNumber = (address: string, prefix: number): number =>
  Math.floor(ipv4Number(address) / networkSize(prefix));

/** Returns the broadcast address of the network of an IPv4 address. Networks of one or two addresses have none. */
export const broadcastAddress = (address: string, prefix: number): string | undefined =>
  familyOf(address) === 'IPv6' || prefix > 30
    ? undefined
    : new Address4(`${address}/${prefix}`).endAddress().correctForm();

/** Returns true if the address lies in the network, both in canonical form. Families never match each other. */
export function isInNetwork(address: string, network: string): boolean {
  if (familyOf(address) !== familyOf(network)) return false;
  if (familyOf(address) === 'IPv6') return new Address6(address).isInSubnet(new Address6(network));
  const [start = '', prefix = '32'] = network.split('/');
  return networkNumber(address, Number(prefix)) === networkNumber(start, Number(prefix));
}

/** Returns the prefix length of a network in CIDR notation. */
export const prefixLength = (network: string): number => Number(network.slice(network.indexOf('/') + 1));

/** Returns the network that holds one address only: `10.0.0.1/32`. */
export const hostNetwork = (address: string): string => `${address}/${hostPrefix(familyOf(address))}`;

/** Returns the network without its prefix length if it holds one address only, as ipset prints it. */
export const withoutHostPrefix = (network: string): string =>
  network.replace(familyOf(network) === 'IPv6' ? /\/128$/ : /\/32$/, '');

/** Returns an address of a canonical network by its place: 1 is the first that a host can have. */
export function addressAt(network: string, place: number): string {
  return familyOf(network) === 'IPv6'
    ? ipv6Text(Address6.fromBigInt(new Address6(network).startAddress().bigInt() + BigInt(place)).correctForm())
    : Address4.fromBigInt(new Address4(network).startAddress().bigInt() + BigInt(place)).correctForm();
}
