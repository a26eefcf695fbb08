import * as z from 'zod';
import { families } from '../net/address.js';
import { protocols } from '../net/protocol.js';

export const family = z.enum(families);
export const protocol = z.enum(protocols);
export const port = z.int().min(0).max(65535);
export const count = z.int().min(0);

/** JSON has no undefined: a missing value is null, or left out. */
export const absent = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform(value => value ?? undefined);
