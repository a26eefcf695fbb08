import { isIPv4, isIPv6 } from 'node:net';
import { Address6 } from 'ip-address';

export type Family = 'IPv4' | 'IPv6';

export const families: readonly Family[] = ['IPv4', 'IPv6'];

/** Returns the family of an address or network in text form. */
export const familyOf = (address: string): Family => (address.includes(':') ? 'IPv6' : 'IPv4');

/** Prefix length of a single host. */
export const hostPrefix = (family: Family): 32 | 128 => (family === 'IPv4' ? 32 : 128);

/** Returns the one text that the kernel's tools print for an address, or undefined if the text is not an address. */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(':')) return isIPv4(text) ? text : undefined;
  return isIPv6(text) && !text.includes('%') ? unmapped(ipv6Text(text)) : undefined;
}

/**
 * Returns an address or network without leading zeros in its numbers: `010.0.0.1` becomes `10.0.0.1`. Go before 1.17
 * read such numbers as decimal, and the API server still does for stored objects (KEP-4858). Other software may read
 * them as octal, so a text with leading zeros is no canonical address.
 */
export const withoutLeadingZeros = (text: string): string => text.replace(/(^|[.:/])0+(?=[\da-f])/gi, '$1');

/**
 * Returns an IPv6 address as `inet_ntop` prints it: RFC 5952, and `::10.0.0.1` for an IPv4-compatible address.
 * @throws Error if the text is not an IPv6 address
 */
export function ipv6Text(text: string): string {
  const short = new Address6(text).correctForm();
  const [, high, low] = /^::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  return high === undefined || low === undefined ? short : `::${ipv4Text(high, low)}`;
}

const mappedPattern = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** Kubernetes and the kernel's IPv4 tables treat an IPv4-mapped address (`::ffff:a00:1`) as the IPv4 address. */
function unmapped(address: string): string {
  const [, high, low] = mappedPattern.exec(address) ?? [];
  return high === undefined || low === undefined ? address : ipv4Text(high, low);
}

const ipv4Text = (...words: readonly [high: string, low: string]): string =>
  words
    .map(word => Number.parseInt(word, 16))
    .flatMap(word => [word >> 8, word & 0xff])
    .join('.');

export const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');

/** Returns true for an IPv6 link-local address (fe80::/10). */
export const isLinkLocalIpv6 = (address: string): boolean => /^fe[89ab]/.test(address);

/** Returns `10.0.0.1:80` or `[fd00::1]:80`. */
export const addressAndPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/**
 * Parses `10.0.0.1:80` or `[fd00::1]:80`.
 * @throws SyntaxError
 */
export function parseAddressAndPort(text: string): { readonly address: string; readonly port: number } {
  const found = /^(?:\[([\da-f:.]+)\]|([\d.]+)):(\d+)$/i.exec(text);
  if (found === null) throw new SyntaxError(`not an address and port: ${text}`);
  const [, bracketed, bare, port] = found;
  return { address: bracketed === undefined ? (bare as string) : ipv6Text(bracketed), port: Number(port) };
}
