import * as z from 'zod';
import type { Family } from '../../net/address.js';
import { namespacedName } from '../names.js';
import { addressOfSchema, optionalPortNumberSchema, protocolSchema } from './network.js';
import { metadataSchema } from './object.js';

const sliceEndpoint = <Address extends z.ZodType<string>>(address: Address) =>
  z.object({
    addresses: z.array(address).min(1),
    conditions: z
      .object({
        ready: z.boolean().nullish(),
        serving: z.boolean().nullish(),
        terminating: z.boolean().nullish(),
      })
      .nullish(),
    nodeName: z.string().nullish(),
    zone: z.string().nullish(),
    hints: z
      .object({
        forZones: z.array(z.object({ name: z.string() })).nullish(),
        forNodes: z.array(z.object({ name: z.string() })).nullish(),
      })
      .nullish(),
  });

const slicePortSchema = z.object({
  name: z.string().nullish(),
  port: optionalPortNumberSchema.nullish(),
  protocol: protocolSchema.nullish(),
});

const sliceFields = {
  apiVersion: z.literal('discovery.k8s.io/v1'),
  kind: z.literal('EndpointSlice'),
  metadata: metadataSchema,
  ports: z.array(slicePortSchema).nullish(),
};

/** A slice of one family. The API server rejects addresses of the other one. */
const addressSlice = <Type extends Family>(family: Type) =>
  z.object({
    ...sliceFields,
    addressType: z.literal(family),
    endpoints: z.array(sliceEndpoint(addressOfSchema(family))).nullish(),
  });

/**
 * A slice of host names. kproxy uses none of them; the schema accepts them so that they are not reported as invalid.
 */
const hostNameSlice = z.object({
  ...sliceFields,
  addressType: z.literal('FQDN'),
  endpoints: z.array(sliceEndpoint(z.string())).nullish(),
});

export const endpointSliceSchema = z.discriminatedUnion('addressType', [
  addressSlice('IPv4'),
  addressSlice('IPv6'),
  hostNameSlice,
]);
export type EndpointSlice = z.infer<typeof endpointSliceSchema>;
export type SliceEndpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** Returns false for a slice of host names. */
export const hasAddresses = ({ addressType }: EndpointSlice): boolean => addressType !== 'FQDN';

/** Returns the `namespace/name` of the Service that a slice belongs to, or undefined if it has no such label. */
export function serviceOfSlice({ metadata }: EndpointSlice): string | undefined {
  const service = metadata.labels?.['kubernetes.io/service-name'];
  return service ? namespacedName({ namespace: metadata.namespace, name: service }) : undefined;
}
