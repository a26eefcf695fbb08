import * as z from 'zod';
import { canonicalAddress } from '../../net/address.js';
import { canonicalNetwork } from '../../net/network.js';
import { protocols } from '../../net/protocol.js';

/** Accepts an IP address in any spelling that Kubernetes accepts. The result is the canonical text. */
export const addressSchema = addressOrSchema([]);

/** Accepts an IP address, or one of the words that Kubernetes writes instead (`None`, the empty text). */
export function addressOrSchema(words: readonly string[]) {
  return z.string().transform((text, context) => {
    const canonical = words.includes(text) ? text : canonicalAddress(text);
    if (canonical !== undefined) return canonical;
    context.addIssue({ code: 'custom', message: 'is not an IP address' });
    return z.NEVER;
  });
}

/** Accepts a network in CIDR notation, with blanks around it as Kubernetes does. The result is masked and canonical. */
export const networkSchema = z.string().transform((text, context) => {
  const canonical = canonicalNetwork(text);
  if (canonical !== undefined) return canonical;
  context.addIssue({ code: 'custom', message: 'is not a network in CIDR notation' });
  return z.NEVER;
});

export const portNumberSchema = portSchema(1);
/** A port, or 0 for no port. */
export const optionalPortNumberSchema = portSchema(0);

function portSchema(smallest: number) {
  const error = `is not a port number (${smallest} to 65535)`;
  return z.int({ error }).min(smallest, error).max(65535, error);
}

export const protocolSchema = z.enum(protocols, { error: 'is none of TCP, UDP, SCTP' });
