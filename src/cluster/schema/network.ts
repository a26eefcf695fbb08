import * as z from 'zod';
import { canonicalAddress, type Family, familyOf, withoutLeadingZeros } from '../../net/address.js';
import { canonicalNetwork } from '../../net/network.js';
import { protocols } from '../../net/protocol.js';

/** Accepts an IP address in any spelling that Kubernetes accepts. The result is the canonical text. */
export const addressSchema = addressOrSchema([]);

/** Accepts an IP address, or one of the words that Kubernetes writes instead (`None`, the empty text). */
export function addressOrSchema(words: readonly string[]) {
  return canonicalText(text => (words.includes(text) ? text : canonicalAddress(text)), 'is not an IP address');
}

/** Accepts an IP address of one family. An IPv4-mapped address is an IPv4 address, as in Kubernetes. */
export const addressOfSchema = (family: Family) =>
  canonicalText(text => {
    const address = canonicalAddress(text);
    return address !== undefined && familyOf(address) === family ? address : undefined;
  }, `is not an ${family} address`);

/** Accepts a network in CIDR notation, with blanks around it as Kubernetes does. The result is masked and canonical. */
export const networkSchema = canonicalText(canonicalNetwork, 'is not a network in CIDR notation');

/** Accepts the empty text too. */
export const networkOrEmptySchema = canonicalText(
  text => (text === '' ? text : canonicalNetwork(text)),
  'is not a network in CIDR notation',
);

/** Accepts any text, except an address with leading zeros: that would be compared as a text, and match nothing. */
export const textOrAddressSchema = canonicalText(
  text => (hasLeadingZeros(text) ? undefined : text),
  'is not an IP address',
);

const hasLeadingZeros = (text: string): boolean =>
  canonicalAddress(text) === undefined && canonicalAddress(withoutLeadingZeros(text)) !== undefined;

/** Returns true for an issue about an address or a network, which may be valid without its leading zeros. */
export const isAddressIssue = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'custom' && issue.params?.is === 'address';

/** Accepts a text that `read` understands. The result is what it returns. */
function canonicalText(read: (text: string) => string | undefined, message: string) {
  return z.string().transform((text, context) => {
    const canonical = read(text);
    if (canonical !== undefined) return canonical;
    context.addIssue({ code: 'custom', message, params: { is: 'address' } });
    return z.NEVER;
  });
}

export const portNumberSchema = portSchema(1);
/** A port, or 0 for no port. */
export const optionalPortNumberSchema = portSchema(0);

function portSchema(smallest: number) {
  const error = `is not a port number (${smallest} to 65535)`;
  return z.int({ error }).min(smallest, error).max(65535, error);
}

export const protocolSchema = z.enum(protocols, { error: 'is none of TCP, UDP, SCTP' });
