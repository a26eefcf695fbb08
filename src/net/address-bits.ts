import { isIP } from 'node:net';
import { Address6 } from 'ip-address';
import { type Family, familyOf, hostPrefix } from './address.js';

/** A network, also one whose mask has gaps, as numbers. */
export interface Bits {
  readonly family: Family;
  readonly value: bigint;
  readonly mask: bigint;
}

/**
 * Returns an address as a number of 32 or 128 bits.
 * @throws Error if the text is not an address
 */
export const addressBits = (address: string): bigint =>
  address.includes(':') ? new Address6(address).bigInt() : BigInt(ipv4Number(address));

/** Returns an IPv4 address as a number of 32 bits. */
export const ipv4Number = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

/** Returns the text of a number of 32 bits. */
export const ipv4Text = (number: number): string =>
  [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.');

/** Returns the mask of a prefix length. */
function prefixMask(family: Family, prefix: number): bigint {
  const length = BigInt(hostPrefix(family));
  return ((1n << BigInt(prefix)) - 1n) << (length - BigInt(prefix));
}

/**
 * Returns an address, a network (`10.0.0.0/8`) or an address with a mask (`10.0.0.1/255.0.0.255`) as numbers, or
 * undefined for anything else.
 */
export function networkBits(text: string): Bits | undefined {
  const [address = '', length, more] = text.split('/');
  if (isIP(address) === 0 || more !== undefined) return undefined;
  const family = familyOf(address);
  const mask = maskBits(family, length);
  return mask === undefined ? undefined : { family, value: addressBits(address) & mask, mask };
}

function maskBits(family: Family, text = String(hostPrefix(family))): bigint | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) > hostPrefix(family) ? undefined : prefixMask(family, Number(text));
  return isIP(text) !== 0 && familyOf(text) === family ? addressBits(text) : undefined;
}
