import * as z from 'zod';
import { durationMilliseconds } from './duration.js';

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();
const flag = z.boolean().nullish();
/** In milliseconds. */
const duration = z
  .string()
  .refine(value => durationMilliseconds(value) !== undefined, 'must be a duration: 30s, 1m30s')
  .transform(value => durationMilliseconds(value))
  .nullish();

/** The fields of a KubeProxyConfiguration that kproxy uses. `unsupportedFields` lists the others of Kubernetes. */
export const configurationSchema = z.looseObject({
  apiVersion: z.literal('kubeproxy.config.k8s.io/v1alpha1', 'must be kubeproxy.config.k8s.io/v1alpha1'),
  kind: z.literal('KubeProxyConfiguration', 'must be KubeProxyConfiguration'),
  hostnameOverride: text,
  clusterCIDR: text,
  detectLocalMode: z.enum(['ClusterCIDR', '', 'NodeCIDR', 'BridgeInterface', 'InterfaceNamePrefix']).nullish(),
  nodePortAddresses: texts,
  mode: z.literal(['ipvs', ''], 'must be ipvs, the only mode of kproxy').nullish(),
  clientConnection: z.looseObject({ kubeconfig: text }).nullish(),
  iptables: z.looseObject({ masqueradeAll: flag, masqueradeBit: z.int().min(0).max(31).nullish() }).nullish(),
  ipvs: z.looseObject({ scheduler: text, excludeCIDRs: texts, strictARP: flag, syncPeriod: duration }).nullish(),
  healthzBindAddress: text,
  metricsBindAddress: text,
});
export type KubeProxyConfiguration = z.infer<typeof configurationSchema>;

const supportedFields = [
  'apiVersion',
  'kind',
  'hostnameOverride',
  'clusterCIDR',
  'detectLocalMode',
  'nodePortAddresses',
  'mode',
  'clientConnection.kubeconfig',
  'iptables.masqueradeAll',
  'iptables.masqueradeBit',
  'ipvs.scheduler',
  'ipvs.excludeCIDRs',
  'ipvs.strictARP',
  'ipvs.syncPeriod',
  'healthzBindAddress',
  'metricsBindAddress',
];

/** Fields that Kubernetes 1.37 has and kproxy does not use. A trailing dot stands for all fields below. */
const unsupportedFields = [
  'featureGates.',
  'logging.',
  'bindAddress',
  'bindAddressHardFail',
  'enableProfiling',
  'showHiddenMetricsForVersion',
  'clientConnection.',
  'iptables.localhostNodePorts',
  'iptables.syncPeriod',
  'iptables.minSyncPeriod',
  'ipvs.minSyncPeriod',
  'ipvs.tcpTimeout',
  'ipvs.tcpFinTimeout',
  'ipvs.udpTimeout',
  'nftables.',
  'winkernel.',
  'detectLocal.',
  'oomScoreAdj',
  'conntrack.',
  'configSyncPeriod',
  'portRange',
  'windowsRunAsService',
];

export interface FieldReport {
  /** Paths of fields that Kubernetes does not have. */
  readonly unknown: readonly string[];
  /** Paths of fields that Kubernetes has and kproxy does not use. */
  readonly unsupported: readonly string[];
}

/** Reports fields that do not exist, and fields that have a value and no effect. */
export function reportFields(configuration: unknown): FieldReport {
  const isUnsupported = (path: string) =>
    unsupportedFields.some(known => (known.endsWith('.') ? `${path}.`.startsWith(known) : path === known));
  const isSupported = (path: string) =>
    supportedFields.some(known => path === known || path.startsWith(`${known}[`) || known.startsWith(`${path}.`));
  const others = leafPaths(configuration, '').filter(({ path }) => !isSupported(path));
  return {
    unknown: others.filter(({ path }) => !isUnsupported(path)).map(({ path }) => path),
    unsupported: others.filter(({ path, isSet }) => isSet && isUnsupported(path)).map(({ path }) => path),
  };
}

interface Leaf {
  readonly path: string;
  readonly isSet: boolean;
}

/**
 * Returns all values without fields of their own. To Kubernetes null, empty texts and lists, zero and `0s` mean unset.
 */
function leafPaths(value: unknown, path: string): readonly Leaf[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, isSet: isSet(value) }];
  const fields = Object.entries(value);
  if (fields.length === 0) return [{ path, isSet: false }];
  return fields.flatMap(([key, child]) => leafPaths(child, path === '' ? key : `${path}.${key}`));
}

const isSet = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : ![null, undefined, '', 0, '0s'].includes(value as null);
