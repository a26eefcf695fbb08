import { type Table, table } from '../../table.js';
import { type FieldPath, fieldAt } from './fields.js';

/** A flag of kube-proxy 1.37. */
export type KubeProxyFlag =
  /** It stands for a field of a KubeProxyConfiguration. */
  | { readonly does: 'set'; readonly path: FieldPath }
  /** kproxy handles it itself, under the same name. */
  | { readonly does: 'own'; readonly isBoolean: boolean; readonly isForWatch: boolean }
  /** It is a task of its own, which a command of kproxy does not have. */
  | { readonly does: 'refuse'; readonly isBoolean: boolean; readonly instead: string };

const sets = (path: FieldPath): KubeProxyFlag => ({ does: 'set', path });
const own = ({ isBoolean = false, isForWatch = false } = {}): KubeProxyFlag => ({ does: 'own', isBoolean, isForWatch });
const refused = (instead: string, isBoolean = false): KubeProxyFlag => ({ does: 'refuse', isBoolean, instead });

const toggle = true;

/**
 * The flags of kube-proxy 1.37 (cmd/kube-proxy/app/options.go), without `--help`. For the others that kproxy has under
 * the same name, and what each field means, see `fields.ts`.
 */
const kubeProxyFlags = {
  'bind-address': sets('bindAddress'),
  'bind-address-hard-fail': sets('bindAddressHardFail'),
  cleanup: refused('Run kproxy cleanup.', toggle),
  'cluster-cidr': sets('clusterCIDR'),
  config: own(),
  'config-sync-period': sets('configSyncPeriod'),
  'conntrack-max-per-core': sets('conntrack.maxPerCore'),
  'conntrack-min': sets('conntrack.min'),
  'conntrack-tcp-be-liberal': sets('conntrack.tcpBeLiberal'),
  'conntrack-tcp-timeout-close-wait': sets('conntrack.tcpCloseWaitTimeout'),
  'conntrack-tcp-timeout-established': sets('conntrack.tcpEstablishedTimeout'),
  'conntrack-udp-timeout': sets('conntrack.udpTimeout'),
  'conntrack-udp-timeout-stream': sets('conntrack.udpStreamTimeout'),
  'detect-local-mode': sets('detectLocalMode'),
  'feature-gates': sets('featureGates'),
  'healthz-bind-address': sets('healthzBindAddress'),
  'healthz-port': own({ isForWatch: true }),
  'hostname-override': sets('hostnameOverride'),
  'init-only': refused('kproxy needs no such step. Run kproxy sync without --watch to program the node once.', toggle),
  'iptables-localhost-nodeports': sets('iptables.localhostNodePorts'),
  'iptables-masquerade-bit': sets('iptables.masqueradeBit'),
  'iptables-min-sync-period': sets('iptables.minSyncPeriod'),
  'iptables-sync-period': sets('iptables.syncPeriod'),
  'ipvs-exclude-cidrs': sets('ipvs.excludeCIDRs'),
  'ipvs-min-sync-period': sets('ipvs.minSyncPeriod'),
  'ipvs-scheduler': sets('ipvs.scheduler'),
  'ipvs-strict-arp': sets('ipvs.strictARP'),
  'ipvs-sync-period': sets('ipvs.syncPeriod'),
  'ipvs-tcp-timeout': sets('ipvs.tcpTimeout'),
  'ipvs-tcpfin-timeout': sets('ipvs.tcpFinTimeout'),
  'ipvs-udp-timeout': sets('ipvs.udpTimeout'),
  'kube-api-burst': sets('clientConnection.burst'),
  'kube-api-content-type': sets('clientConnection.contentType'),
  'kube-api-qps': sets('clientConnection.qps'),
  kubeconfig: own(),
  'log-flush-frequency': sets('logging.flushFrequency'),
  'log-json-info-buffer-size': sets('logging.options.json.infoBufferSize'),
  'log-json-split-stream': sets('logging.options.json.splitStream'),
  'log-text-info-buffer-size': sets('logging.options.text.infoBufferSize'),
  'log-text-split-stream': sets('logging.options.text.splitStream'),
  'logging-format': sets('logging.format'),
  'masquerade-all': sets('iptables.masqueradeAll'),
  master: own(),
  'metrics-bind-address': sets('metricsBindAddress'),
  'metrics-port': own({ isForWatch: true }),
  'nodeport-addresses': sets('nodePortAddresses'),
  'oom-score-adj': sets('oomScoreAdj'),
  'pod-bridge-interface': sets('detectLocal.bridgeInterface'),
  'pod-interface-name-prefix': sets('detectLocal.interfaceNamePrefix'),
  profiling: sets('enableProfiling'),
  'proxy-mode': sets('mode'),
  'show-hidden-metrics-for-version': sets('showHiddenMetricsForVersion'),
  v: sets('logging.verbosity'),
  version: own({ isBoolean: true }),
  vmodule: sets('logging.vmodule'),
  'write-config-to': refused('kproxy writes no file of defaults. They are those of kube-proxy --write-config-to FILE.'),
} as const satisfies Readonly<Record<string, KubeProxyFlag>>;

export type KubeProxyFlagName = keyof typeof kubeProxyFlags;

export const kubeProxyFlagNames = Object.keys(kubeProxyFlags) as readonly KubeProxyFlagName[];
export const kubeProxyFlagAt = (name: KubeProxyFlagName): KubeProxyFlag => kubeProxyFlags[name];

/** Returns the flag that stands for a field: `--cluster-cidr`. */
export const flagOf = (path: FieldPath): string | undefined =>
  kubeProxyFlagNames.filter(name => pathSetBy(kubeProxyFlags[name]) === path).map(name => `--${name}`)[0];

const pathSetBy = (flag: KubeProxyFlag): FieldPath | undefined => (flag.does === 'set' ? flag.path : undefined);

/** Returns true if a flag needs no value: `--masquerade-all`. */
export function isBooleanFlag(flag: KubeProxyFlag): boolean {
  return flag.does === 'set' ? fieldAt(flag.path).kind.isBoolean === true : flag.isBoolean;
}

/** Returns true for a flag without a meaning for commands that end: `--oom-score-adj`. */
export function isForWatchOnly(flag: KubeProxyFlag): boolean {
  if (flag.does === 'set') return fieldAt(flag.path).use.by === 'watch';
  return flag.does === 'own' && flag.isForWatch;
}

/** Flags that kube-proxy had once and that are still found in unit files, with whether they need no value. */
const formerFlags: Table<{ readonly isBoolean: boolean }> = table(
  Object.fromEntries([
    ...[
      ...['add-dir-header', 'alsologtostderr', 'logtostderr', 'one-output', 'skip-headers', 'skip-log-headers'],
      ...['cleanup-iptables', 'cleanup-ipvs'],
    ].map(name => [name, { isBoolean: true }]),
    ...[
      ...['log-backtrace-at', 'log-dir', 'log-file', 'log-file-max-size', 'stderrthreshold'],
      ...['boot-id-file', 'conntrack-max', 'machine-id-file', 'proxy-port-range', 'resource-container', 'udp-timeout'],
    ].map(name => [name, { isBoolean: false }]),
  ]),
);

export const formerFlagNames = Object.keys(formerFlags) as readonly string[];
export const isBooleanFormerFlag = (name: string): boolean => formerFlags[name]?.isBoolean === true;
