import * as z from 'zod';
import { canonicalAddress } from '../../net/address.js';
import { canonicalNetwork } from '../../net/network.js';
import { protocols } from '../../net/protocol.js';

/** An IP address in any spelling that Kubernetes accepts, as canonical text. */
export const addressSchema = addressOrSchema([]);

/** An IP address, or one of the words that Kubernetes writes in its place (`None`, the empty text). */
export function addressOrSchema(words: readonly string[]) {
  return z.string().transform((text, context) => {
    const canonical = words.includes(text) ? text : canonicalAddress(text);
    if (canonical !== undefined) return canonical;
    context.addIssue({ code: 'custom', message: 'is not an IP address' });
    return z.NEVER;
  });
}

/** A network in CIDR notation, masked and canonical. Kubernetes accepts blanks around it. */
export const networkSchema = z.string().transform((text, context) => {
  const canonical = canonicalNetwork(text);
  if (canonical !== undefined) return canonical;
  context.addIssue({ code: 'custom', message: 'is not a network in CIDR notation' });
  return z.NEVER;
});

export const portNumberSchema = portSchema(1);
/** A port that Kubernetes writes as 0 if there is none. */
export const optionalPortNumberSchema = portSchema(0);

function portSchema(smallest: number) {
  const error = `is not a port number (${smallest} to 65535)`;
  return z.int({ error }).min(smallest, error).max(65535, error);
}

export const protocolSchema = z.enum(protocols, { error: 'is none of TCP, UDP, SCTP' });
