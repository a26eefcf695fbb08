import { z } from 'zod';
import { metadataSchema } from './object-schema.js';

export const nodeSchema = z.looseObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Node'),
  metadata: metadataSchema,
  status: z
    .looseObject({ addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).nullish() })
    .nullish(),
});
export type Node = z.infer<typeof nodeSchema>;
