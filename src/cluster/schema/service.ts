import * as z from 'zod';
import { checkClusterIps } from './cluster-ips.js';
import {
  addressOrSchema,
  addressSchema,
  networkSchema,
  optionalPortNumberSchema,
  portNumberSchema,
  protocolSchema,
} from './network.js';
import { labelNameSchema, metadataSchema } from './object.js';

/** IANA_SVC_NAME (RFC 6335), which the API server requires for names of container ports, or empty for no name. */
const portNamePattern = /^$|^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

/** A number or the name of a container's port. The API server rejects a number in quotes too. */
const targetPortSchema = z.custom<number | string>(
  value =>
    typeof value === 'string'
      ? portNamePattern.test(value)
      : Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65535,
  'is neither a port number (0 to 65535) nor the name of a port',
);

const servicePortSchema = z.object({
  name: z.union([z.literal(''), labelNameSchema]).nullish(),
  protocol: protocolSchema.default('TCP'),
  port: portNumberSchema,
  targetPort: targetPortSchema.nullish(),
  nodePort: optionalPortNumberSchema.nullish(),
  appProtocol: z.string().nullish(),
});

/** `None` for a headless Service, empty for ExternalName. */
const clusterIpSchema = addressOrSchema(['None', '']);
const trafficPolicySchema = z.enum(['Cluster', 'Local']);

const ingressSchema = z.object({
  ip: addressOrSchema(['']).nullish(),
  hostname: z.string().nullish(),
  ipMode: z.string().nullish(),
});

const specSchema = z.object({
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).default('ClusterIP'),
  clusterIP: clusterIpSchema.nullish(),
  clusterIPs: z.array(clusterIpSchema).nullish(),
  ipFamilies: z.array(z.enum(['IPv4', 'IPv6'])).nullish(),
  ports: z.array(servicePortSchema).nullish(),
  selector: z.record(z.string(), z.string()).nullish(),
  externalIPs: z.array(addressSchema).nullish(),
  externalTrafficPolicy: z.enum(['Cluster', 'Local', '']).nullish(),
  internalTrafficPolicy: trafficPolicySchema.nullish(),
  trafficDistribution: z.string().nullish(),
  sessionAffinity: z.enum(['None', 'ClientIP', '']).nullish(),
  sessionAffinityConfig: z
    .object({ clientIP: z.object({ timeoutSeconds: z.int().min(1).max(86400).nullish() }).nullish() })
    .nullish(),
  healthCheckNodePort: optionalPortNumberSchema.nullish(),
  loadBalancerSourceRanges: z.array(networkSchema).nullish(),
  publishNotReadyAddresses: z.boolean().nullish(),
});

export const serviceSchema = z.object({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata: metadataSchema.extend({ name: labelNameSchema }),
  spec: specSchema.transform(checkClusterIps),
  status: z.object({ loadBalancer: z.object({ ingress: z.array(ingressSchema).nullish() }).nullish() }).nullish(),
});
export type Service = z.infer<typeof serviceSchema>;
export type ServiceSpecPort = z.infer<typeof servicePortSchema>;
