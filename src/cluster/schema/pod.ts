import * as z from 'zod';
import { familyOf } from '../../net/address.js';
import { addressOrSchema, addressSchema, portNumberSchema, protocolSchema } from './network.js';
import { metadataSchema } from './object.js';
import { indexOfSecond } from './one-per-family.js';

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
    .transform(checkPodIps)
    .nullish(),
});
export type Pod = z.infer<typeof podSchema>;
export type Container = z.infer<typeof containerSchema>;

interface PodIpFields {
  readonly podIPs?: readonly { readonly ip: string }[] | null | undefined;
}

/** Checks that a Pod has one address of a family at most, as the API server does. */
function checkPodIps<Status extends PodIpFields>(status: Status, context: z.core.$RefinementCtx): Status {
  const { podIPs } = status;
  if (podIPs == null || podIPs.length < 2) return status;
  const addresses = podIPs.map(({ ip }) => ip);
  const second = indexOfSecond(addresses);
  if (second >= 0) {
    const message = `is a second ${familyOf(addresses[second] as string)} address`;
    context.addIssue({ code: 'custom', message, path: ['podIPs', second, 'ip'] });
  }
  return status;
}
