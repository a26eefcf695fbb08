import * as z from 'zod';
import { addressSchema, optionalPortNumberSchema, protocolSchema } from './network.js';
import { wholeMetadataSchema } from './object.js';

const targetReferenceSchema = z.looseObject({
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  uid: z.string().optional(),
});

const endpointAddressSchema = z.looseObject({
  ip: addressSchema,
  hostname: z.string().nullish(),
  nodeName: z.string().nullish(),
  targetRef: targetReferenceSchema.nullish(),
});

const endpointPortSchema = z.looseObject({
  name: z.string().nullish(),
  port: optionalPortNumberSchema.nullish(),
  protocol: protocolSchema.nullish(),
  appProtocol: z.string().nullish(),
});

const subsetSchema = z.looseObject({
  addresses: z.array(endpointAddressSchema).nullish(),
  notReadyAddresses: z.array(endpointAddressSchema).nullish(),
  ports: z.array(endpointPortSchema).nullish(),
});

/** The v1 Endpoints object, with all its fields: kproxy also writes it. */
export const endpointsSchema = z.looseObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Endpoints'),
  metadata: wholeMetadataSchema,
  subsets: z.array(subsetSchema).nullish(),
});
export type Endpoints = z.infer<typeof endpointsSchema>;
export type EndpointSubset = z.infer<typeof subsetSchema>;
export type EndpointAddress = z.infer<typeof endpointAddressSchema>;
export type EndpointPort = z.infer<typeof endpointPortSchema>;
