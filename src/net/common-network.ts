import { Address6 } from 'ip-address';
import { type Family, familyOf, hostPrefix, ipv6Text } from './address.js';
import { addressBits, ipv4Text } from './address-bits.js';

/** Returns the smallest network that holds all of these addresses, which are of one family: `10.96.0.0/22`. */
export function commonNetwork([first = '', ...others]: readonly string[]): string {
  const family = familyOf(first);
  const value = addressBits(first);
  let different = 0n;
  for (const other of others) different |= addressBits(other) ^ value;
  const hostBits = different === 0n ? 0 : different.toString(2).length;
  const start = (value >> BigInt(hostBits)) << BigInt(hostBits);
  return `${textOf(start, family)}/${hostPrefix(family) - hostBits}`;
}

const textOf = (bits: bigint, family: Family): string =>
  family === 'IPv6' ? ipv6Text(Address6.fromBigInt(bits).correctForm()) : ipv4Text(Number(bits));
