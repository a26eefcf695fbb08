import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FieldPath } from '../../../src/proxy/configuration/fields.js';

/** Returns a file of the records of kube-proxy 1.37. */
export const recordPath = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/kube-proxy-1.37/${name}`, import.meta.url));

export const recordLines = (name: string): readonly string[] =>
  readFileSync(recordPath(name), 'utf8').trimEnd().split('\n');

interface Sample {
  /** A value that is not the default, as the file has it. */
  readonly raw: unknown;
  /** The same as the text of a flag. */
  readonly text: string;
}

const duration = (text: string): Sample => ({ raw: text, text });
const word = duration;
const number = (value: number): Sample => ({ raw: value, text: String(value) });
const turned = (value: boolean): Sample => ({ raw: value, text: String(value) });

/** A value of each field that is not its default. There is none for mode: kproxy has one. */
export const samples: Readonly<Record<Exclude<FieldPath, 'mode'>, Sample>> = {
  featureGates: { raw: { NoSuchGate: true, KubeProxyIPVS: true }, text: 'NoSuchGate=true,KubeProxyIPVS=true' },
  'clientConnection.kubeconfig': word('/etc/kubeconfig'),
  'clientConnection.acceptContentTypes': word('application/cbor'),
  'clientConnection.contentType': word('application/cbor'),
  'clientConnection.qps': number(2.5),
  'clientConnection.burst': number(50),
  'logging.format': word('json'),
  'logging.verbosity': number(4),
  'logging.flushFrequency': duration('1s'),
  'logging.vmodule': { raw: [{ filePattern: 'proxier', verbosity: 4 }], text: 'proxier=4' },
  'logging.options.text.splitStream': turned(true),
  'logging.options.text.infoBufferSize': word('64Ki'),
  'logging.options.json.splitStream': turned(true),
  'logging.options.json.infoBufferSize': word('64Ki'),
  hostnameOverride: word('node-b'),
  bindAddress: word('10.10.0.11'),
  healthzBindAddress: word('127.0.0.1:10256'),
  metricsBindAddress: word('[::]:10249'),
  bindAddressHardFail: turned(true),
  enableProfiling: turned(true),
  showHiddenMetricsForVersion: word('1.36'),
  'iptables.masqueradeBit': number(0),
  'iptables.masqueradeAll': turned(true),
  'iptables.localhostNodePorts': turned(false),
  'iptables.syncPeriod': duration('1m'),
  'iptables.minSyncPeriod': duration('2s'),
  'ipvs.syncPeriod': duration('1m30s'),
  'ipvs.minSyncPeriod': duration('500ms'),
  'ipvs.scheduler': word('wrr'),
  'ipvs.excludeCIDRs': { raw: ['10.0.0.0/8', 'fd00::/8'], text: '10.0.0.0/8,fd00::/8' },
  'ipvs.strictARP': turned(true),
  'ipvs.tcpTimeout': duration('15m'),
  'ipvs.tcpFinTimeout': duration('2m0s'),
  'ipvs.udpTimeout': duration('300s'),
  'nftables.masqueradeBit': number(3),
  'nftables.masqueradeAll': turned(true),
  'nftables.syncPeriod': duration('1m'),
  'nftables.minSyncPeriod': duration('2s'),
  'winkernel.networkName': word('l2bridge'),
  'winkernel.sourceVip': word('10.10.0.11'),
  'winkernel.enableDSR': turned(true),
  'winkernel.rootHnsEndpointName': word('root'),
  'winkernel.forwardHealthCheckVip': turned(true),
  windowsRunAsService: turned(true),
  detectLocalMode: word('NodeCIDR'),
  'detectLocal.bridgeInterface': word('cni0'),
  'detectLocal.interfaceNamePrefix': word('veth'),
  clusterCIDR: word('10.244.0.0/16,fd00:244::/32'),
  nodePortAddresses: { raw: ['primary', '10.0.0.0/8'], text: 'primary,10.0.0.0/8' },
  oomScoreAdj: number(-500),
  'conntrack.maxPerCore': number(0),
  'conntrack.min': number(262_144),
  'conntrack.tcpEstablishedTimeout': duration('0s'),
  'conntrack.tcpCloseWaitTimeout': duration('30m'),
  'conntrack.tcpBeLiberal': turned(true),
  'conntrack.udpTimeout': duration('30s'),
  'conntrack.udpStreamTimeout': duration('3m'),
  configSyncPeriod: duration('1h'),
  portRange: word('1000-2000'),
};
