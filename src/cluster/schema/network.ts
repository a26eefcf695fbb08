import { Address4, Address6 } from 'ip-address';
import * as z from 'zod';

export type Family = 'IPv4' | 'IPv6';

/** What `z.ipv4()` looks for; asking that of thirty thousand addresses takes three times as long. */
const ipv4Pattern = z.regexes.ipv4;
const ipv6Pattern = z.ipv6();

/** The one text that the kernel's tools print for an address, or undefined if it is not an address. */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(':')) return ipv4Pattern.test(text) ? text : undefined;
  if (!ipv6Pattern.safeParse(text).success) return undefined;
  return unmapped(ipv6Text(text));
}

/** An IPv6 address as inet_ntop writes it: RFC 5952, and in the old form `::10.0.0.1` where 96 zeros and an IPv4 address are all that it has. */
export function ipv6Text(text: string): string {
  const short = new Address6(text).correctForm();
  const [, high, low] = /^::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  return high === undefined || low === undefined ? short : `::${ipv4Text(high, low)}`;
}

const mappedPattern = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** An IPv4 address in IPv6 dress (`::ffff:a00:1`) is an IPv4 address to Kubernetes and to the kernel's IPv4 tables. */
function unmapped(address: string): string {
  const [, high, low] = mappedPattern.exec(address) ?? [];
  return high === undefined || low === undefined ? address : ipv4Text(high, low);
}

const ipv4Text = (...words: readonly [high: string, low: string]): string =>
  words
    .map(word => Number.parseInt(word, 16))
    .flatMap(word => [word >> 8, word & 0xff])
    .join('.');

/** The masked network's canonical text (`10.0.0.5/8` is `10.0.0.0/8`), or undefined if it is not a network. */
export function canonicalNetwork(text: string): string | undefined {
  const [address, prefix, more] = text.trim().split('/');
  if (address === undefined || prefix === undefined || more !== undefined) return undefined;
  const canonical = canonicalAddress(address);
  if (canonical === undefined || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const isIpv6 = canonical.includes(':');
  // Of an IPv4 network in IPv6 dress the first 96 bits are the dress.
  const length = Number(prefix) - (address.includes(':') && !isIpv6 ? 96 : 0);
  if (length < 0 || length > (isIpv6 ? 128 : 32)) return undefined;
  const network = `${canonical}/${length}`;
  const start = isIpv6
    ? ipv6Text(new Address6(network).startAddress().correctForm())
    : new Address4(network).startAddress().correctForm();
  return `${start}/${length}`;
}

export const familyOf = (address: string): Family => (address.includes(':') ? 'IPv6' : 'IPv4');

/** An IP address in any spelling that Kubernetes accepts, as canonical text. */
export const addressSchema = addressOrSchema([]);

/** An IP address, or one of the words that Kubernetes writes in the place of one (`None`, the empty text). */
export function addressOrSchema(words: readonly string[]) {
  return z.string().transform((text, context) => {
    const canonical = words.includes(text) ? text : canonicalAddress(text);
    if (canonical !== undefined) return canonical;
    context.addIssue({ code: 'custom', message: 'is not an IP address' });
    return z.NEVER;
  });
}

/** A network in CIDR notation, masked and canonical; blanks around it are accepted as Kubernetes accepts them. */
export const networkSchema = z.string().transform((text, context) => {
  const canonical = canonicalNetwork(text);
  if (canonical !== undefined) return canonical;
  context.addIssue({ code: 'custom', message: 'is not a network in CIDR notation' });
  return z.NEVER;
});

export const portNumberSchema = portSchema(1);
/** A port that Kubernetes writes as 0 when there is none. */
export const optionalPortNumberSchema = portSchema(0);

function portSchema(smallest: number) {
  const error = `is not a port number (${smallest} to 65535)`;
  return z.int({ error }).min(smallest, error).max(65535, error);
}

export const protocolSchema = z.enum(['TCP', 'UDP', 'SCTP'], { error: 'is none of TCP, UDP, SCTP' });
export type Protocol = z.infer<typeof protocolSchema>;
