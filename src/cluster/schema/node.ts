import * as z from 'zod';
import { networkOrEmptySchema, networkSchema, textOrAddressSchema } from './network.js';
import { metadataSchema } from './object.js';

export const nodeSchema = z.object({
  apiVersion: z.literal('v1'),
  kind: z.literal('Node'),
  metadata: metadataSchema,
  spec: z
    .object({
      taints: z.array(z.object({ key: z.string() })).nullish(),
      podCIDR: networkOrEmptySchema.nullish(),
      podCIDRs: z.array(networkSchema).nullish(),
    })
    .nullish(),
  status: z
    .object({ addresses: z.array(z.object({ type: z.string(), address: textOrAddressSchema })).nullish() })
    .nullish(),
});
export type Node = z.infer<typeof nodeSchema>;
