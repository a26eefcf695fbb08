import * as z from 'zod';
import { canonicalAddress, families, familyOf, hostPrefix } from '../net/address.js';
import { canonicalNetwork } from '../net/network.js';
import { protocols } from '../net/protocol.js';

/*
 * A snapshot may come from somebody else, and becomes commands that run as root. So every text has a form: none can
 * begin another line of a batch, or another word of a command.
 */

export const family = z.enum(families);
export const protocol = z.enum(protocols);
export const port = z.int().min(0).max(65535);
export const count = z.int().min(0);
export const prefix = z.int().min(0).max(128);

const longestText = 10_000;

/** Any text of one line: a word of a foreign rule, or a remark. */
export const text = z
  .string()
  .max(longestText)
  .refine(value => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value), 'has a control character');

/** A name without blanks, of what is not kproxy's to change. */
export const word = z.string().regex(/^[^\s\p{Cc}]{1,255}$/u, 'is not a name');

/** A name in lower case: of a module, a scheduler, a kind of device. */
export const lowerCaseName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'is not a name');

export const address = z.string().refine(value => canonicalAddress(value) === value, 'is not an IP address');

/** Adds the check that the length of an address's prefix is one of its family. */
export const prefixFits = <Schema extends z.ZodType<{ readonly address: string; readonly prefix: number }>>(
  schema: Schema,
): Schema =>
  schema.refine(({ address, prefix }) => prefix <= hostPrefix(familyOf(address)), {
    path: ['prefix'],
    message: 'is larger than an address has bits',
  });

/** An address, a network, or a word that ip prints instead (`default`). */
export const destination = z
  .string()
  .refine(value => value === 'default' || isAddressOrNetwork(value), 'is not a network');

const isAddressOrNetwork = (value: string): boolean =>
  canonicalAddress(value) !== undefined || canonicalNetwork(value) !== undefined;

/** JSON has no undefined: a missing value is null, or left out. */
export const absent = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform(value => value ?? undefined);
