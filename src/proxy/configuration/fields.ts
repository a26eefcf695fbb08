import {
  address,
  anyNumber,
  bindAddress,
  duration,
  durationOrNanoseconds,
  filePatterns,
  gates,
  ipvsMode,
  type Kind,
  level,
  nodeName,
  oneOf,
  positiveDuration,
  previousVersion,
  quantity,
  text,
  texts,
  wholeNumber,
  yesOrNo,
} from './kinds.js';

/** A field of a KubeProxyConfiguration. */
export interface Field<Value> {
  readonly kind: Kind<Value>;
  /** kube-proxy's default (pkg/proxy/apis/config/v1alpha1/defaults.go). */
  readonly default: Value;
  /** Only null means that the field is not set. Of the other fields zero and empty values mean that too. */
  readonly isPointer: boolean;
  readonly use: Use;
}

type Use =
  /** It changes what a node should be, so every command uses it. */
  | { readonly by: 'every command' }
  /** It matters only to a kproxy that stays: `sync --watch`. */
  | { readonly by: 'watch' }
  /** kproxy does something else. `alike` are values that need no word about it, besides the default. */
  | { readonly by: 'nothing'; readonly instead: string; readonly alike: readonly unknown[] };

type Pointer = 'pointer';

const field = <Value>(use: Use, kind: Kind<Value>, value: Value, pointer?: Pointer): Field<Value> => ({
  kind,
  default: value,
  isPointer: pointer !== undefined,
  use,
});

const used = <Value>(kind: Kind<Value>, value: Value, pointer?: Pointer) =>
  field({ by: 'every command' }, kind, value, pointer);

const whileWatching = <Value>(kind: Kind<Value>, value: Value, pointer?: Pointer) =>
  field({ by: 'watch' }, kind, value, pointer);

interface Unused<Value> {
  readonly instead: string;
  readonly alike?: readonly Value[];
  readonly pointer?: Pointer;
}

const unused = <Value>(kind: Kind<Value>, value: Value, { instead, alike = [], pointer }: Unused<Value>) =>
  field({ by: 'nothing', instead, alike }, kind, value, pointer);

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

const otherMode = { instead: 'kproxy has the ipvs mode only' } as const;
const periodOfOtherMode = {
  instead: 'kproxy has the ipvs mode only, which uses ipvs.syncPeriod and ipvs.minSyncPeriod',
};
const windows = { instead: 'kube-proxy uses it on Windows only' } as const;
const logLines = { instead: 'kproxy writes each line to standard error at once' } as const;
const requests = { instead: 'kproxy makes a few requests when it starts and does not limit them' } as const;
const json = { instead: 'kproxy speaks JSON with the API server' } as const;

/**
 * The fields of the KubeProxyConfiguration v1alpha1 of Kubernetes 1.37 by their paths, with all that kproxy knows about
 * them. Durations are in milliseconds.
 */
const fields = {
  featureGates: used(gates, {} as Readonly<Record<string, boolean>>),

  'clientConnection.kubeconfig': used(text, ''),
  'clientConnection.acceptContentTypes': unused(text, '', { ...json, alike: ['application/json'] }),
  'clientConnection.contentType': unused(text, 'application/vnd.kubernetes.protobuf', {
    ...json,
    alike: ['application/json'],
  }),
  'clientConnection.qps': unused(anyNumber, 5, requests),
  'clientConnection.burst': unused(wholeNumber(0), 10, requests),

  'logging.format': whileWatching(oneOf('text', 'json'), 'text'),
  'logging.verbosity': whileWatching(level, 0),
  'logging.flushFrequency': unused(durationOrNanoseconds, 5 * seconds, logLines),
  'logging.vmodule': unused(filePatterns, [], { instead: 'kproxy has one verbosity: logging.verbosity' }),
  'logging.options.text.splitStream': unused(yesOrNo, false, logLines),
  'logging.options.text.infoBufferSize': unused(quantity, '0', logLines),
  'logging.options.json.splitStream': unused(yesOrNo, false, logLines),
  'logging.options.json.infoBufferSize': unused(quantity, '0', logLines),

  hostnameOverride: used(nodeName, ''),
  bindAddress: used(address, '0.0.0.0'),
  healthzBindAddress: whileWatching(bindAddress, ''),
  metricsBindAddress: whileWatching(bindAddress, ''),
  bindAddressHardFail: whileWatching(yesOrNo, false),
  enableProfiling: unused(yesOrNo, false, { instead: 'kproxy serves no profiles' }),
  showHiddenMetricsForVersion: unused(previousVersion, '', { instead: 'kproxy hides no metrics' }),

  mode: used(ipvsMode, 'ipvs'),
  'iptables.masqueradeBit': used(wholeNumber(0, 31), 14, 'pointer'),
  'iptables.masqueradeAll': used(yesOrNo, false),
  'iptables.localhostNodePorts': unused(yesOrNo, true, { ...otherMode, alike: [false], pointer: 'pointer' }),
  'iptables.syncPeriod': unused(positiveDuration, 30 * seconds, periodOfOtherMode),
  'iptables.minSyncPeriod': unused(duration, 1 * seconds, periodOfOtherMode),

  'ipvs.syncPeriod': whileWatching(positiveDuration, 30 * seconds),
  'ipvs.minSyncPeriod': whileWatching(duration, 0),
  'ipvs.scheduler': used(text, ''),
  'ipvs.excludeCIDRs': used(texts, []),
  'ipvs.strictARP': used(yesOrNo, false),
  'ipvs.tcpTimeout': used(duration, 0),
  'ipvs.tcpFinTimeout': used(duration, 0),
  'ipvs.udpTimeout': used(duration, 0),

  'nftables.masqueradeBit': unused(wholeNumber(0, 31), 14, { ...otherMode, pointer: 'pointer' }),
  'nftables.masqueradeAll': unused(yesOrNo, false, otherMode),
  'nftables.syncPeriod': unused(positiveDuration, 30 * seconds, periodOfOtherMode),
  'nftables.minSyncPeriod': unused(duration, 1 * seconds, periodOfOtherMode),

  'winkernel.networkName': unused(text, '', windows),
  'winkernel.sourceVip': unused(text, '', windows),
  'winkernel.enableDSR': unused(yesOrNo, false, windows),
  'winkernel.rootHnsEndpointName': unused(text, '', windows),
  'winkernel.forwardHealthCheckVip': unused(yesOrNo, false, windows),
  windowsRunAsService: unused(yesOrNo, false, windows),

  detectLocalMode: used(oneOf('ClusterCIDR', 'NodeCIDR', 'BridgeInterface', 'InterfaceNamePrefix'), 'ClusterCIDR'),
  'detectLocal.bridgeInterface': used(text, ''),
  'detectLocal.interfaceNamePrefix': used(text, ''),
  clusterCIDR: used(text, ''),
  nodePortAddresses: used(texts, []),

  oomScoreAdj: whileWatching(wholeNumber(-1_000, 1_000), -999, 'pointer'),
  'conntrack.maxPerCore': used(wholeNumber(0), 32_768, 'pointer'),
  'conntrack.min': used(wholeNumber(0), 131_072, 'pointer'),
  'conntrack.tcpEstablishedTimeout': used(duration, 24 * hours, 'pointer'),
  'conntrack.tcpCloseWaitTimeout': used(duration, 1 * hours, 'pointer'),
  'conntrack.tcpBeLiberal': used(yesOrNo, false),
  'conntrack.udpTimeout': used(duration, 0),
  'conntrack.udpStreamTimeout': used(duration, 0),
  configSyncPeriod: unused(positiveDuration, 15 * minutes, {
    instead: 'kproxy follows every change, and reads the whole node every ipvs.syncPeriod',
  }),
  portRange: unused(text, '', { instead: 'kube-proxy does not use it either' }),
} as const satisfies Readonly<Record<string, Field<unknown>>>;

export type FieldPath = keyof typeof fields;

/** The value of every field. */
export type FieldValues = {
  readonly [Path in FieldPath]: (typeof fields)[Path] extends Field<infer Value> ? Value : never;
};

export const fieldPaths = Object.keys(fields) as readonly FieldPath[];
export const isFieldPath = (path: string): path is FieldPath => Object.hasOwn(fields, path);
export const fieldAt = (path: FieldPath): Field<unknown> => fields[path] as Field<unknown>;
