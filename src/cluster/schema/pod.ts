import * as z from 'zod';
import { addressOrSchema, addressSchema, portNumberSchema, protocolSchema } from './network.js';
import { metadataSchema } from './object.js';

const containerSchema = z.object({
  name: z.string(),
  restartPolicy: z.string().nullish(),
  ports: z
    .array(
      z.object({
        name: z.string().nullish(),
        containerPort: portNumberSchema,
        protocol: protocolSchema.nullish(),
      }),
    )
    .nullish(),
});

export const podSchema = z.object({
  apiVersion: z.literal('v1'),
  kind: z.literal('Pod'),
  metadata: metadataSchema,
  spec: z.object({
    nodeName: z.string().nullish(),
    hostname: z.string().nullish(),
    subdomain: z.string().nullish(),
    hostNetwork: z.boolean().nullish(),
    containers: z.array(containerSchema).nullish(),
    initContainers: z.array(containerSchema).nullish(),
  }),
  status: z
    .object({
      phase: z.string().nullish(),
      podIP: addressOrSchema(['']).nullish(),
      podIPs: z.array(z.object({ ip: addressSchema })).nullish(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), lastTransitionTime: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
});
export type Pod = z.infer<typeof podSchema>;
export type Container = z.infer<typeof containerSchema>;
