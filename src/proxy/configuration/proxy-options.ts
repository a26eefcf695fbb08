import type { ApiServerAddress } from '../../cluster/api-servers.js';
import { trimSpace } from '../../net/trim-space.js';
import {
  type ConntrackOptions,
  defaultOptions,
  type IpvsTimeouts,
  type Profile,
  type ProxyOptions,
} from '../options.js';
import type { Configuration } from './configuration.js';
import type { FieldValues } from './fields.js';
import { localDetection } from './local-detection.js';
import { parseClusterCidrs, parseNetworks, parseNodePortAddresses } from './networks.js';
import { parseScheduler } from './scheduler.js';

/** The flags that stand for no field of a KubeProxyConfiguration. */
export interface ProxyFlags {
  readonly node?: string;
  readonly profile: Profile;
  readonly apiServers?: readonly ApiServerAddress[];
  readonly allowExternalIpTakeover?: boolean;
  readonly maxServiceElements?: number;
}

/** The network of the Pods in the tutorial, and the default of its profile. */
const tutorialCidr = '10.244.0.0/16';

/** kube-proxy's default, and its form of IPv6: the Node object says which addresses the node has. */
const unspecified: readonly string[] = ['0.0.0.0', '::'];

/**
 * Returns the proxy's options from kproxy's own flags and the configuration.
 * @throws KproxyError option-invalid or configuration-invalid, which names the flag or field
 */
export function proxyOptions(flags: ProxyFlags, configuration: Configuration, hostName: string): ProxyOptions {
  const { values } = configuration;
  const { bindAddress, hostnameOverride } = values;
  return {
    nodeName: nodeName(flags.node ?? (hostnameOverride || hostName)),
    profile: flags.profile,
    clusterCidrs: clusterCidrs(configuration, flags.profile),
    localDetection: localDetection(configuration),
    masqueradeAll: values['iptables.masqueradeAll'],
    masqueradeBit: values['iptables.masqueradeBit'],
    scheduler:
      given(configuration, 'ipvs.scheduler', (name, [text = '']) => parseScheduler(name, text)) ??
      defaultOptions.scheduler,
    strictArp: values['ipvs.strictARP'],
    bindAddress: unspecified.includes(bindAddress) ? undefined : bindAddress,
    nodePortAddresses: given(configuration, 'nodePortAddresses', parseNodePortAddresses) ?? [],
    servesExternalIps: values.featureGates.AllowServiceExternalIPs ?? true,
    excludeCidrs: excludedNetworks(configuration),
    apiServers: flags.apiServers ?? [],
    allowsExternalIpTakeover: flags.allowExternalIpTakeover ?? false,
    maxServiceElements: flags.maxServiceElements ?? defaultOptions.maxServiceElements,
    ipvsTimeouts: ipvsTimeouts(values),
    conntrack: conntrack(values),
  };
}

/**
 * Returns the networks whose virtual servers belong to other software.
 * @throws KproxyError option-invalid, which names the flag or field
 */
export const excludedNetworks = (configuration: Configuration): readonly string[] =>
  given(configuration, 'ipvs.excludeCIDRs', parseNetworks) ?? [];

/** Parses the value of a field with texts, if it has any. The parser gets the name for its errors. */
function given<Result>(
  { values, originOf }: Configuration,
  path: 'clusterCIDR' | 'ipvs.scheduler' | 'ipvs.excludeCIDRs' | 'nodePortAddresses',
  parse: (name: string, texts: readonly string[]) => Result,
): Result | undefined {
  const origin = originOf(path);
  const texts = [values[path]].flat();
  return origin.from === 'default' || texts.length === 0 ? undefined : parse(origin.name, texts);
}

/** Only ClusterCIDR uses the Pods' networks. kube-proxy does not look at them in the other modes. */
function clusterCidrs(configuration: Configuration, profile: Profile): ProxyOptions['clusterCidrs'] {
  if (configuration.values.detectLocalMode !== 'ClusterCIDR') return {};
  return (
    given(configuration, 'clusterCIDR', parseClusterCidrs) ?? (profile === 'tutorial' ? { IPv4: tutorialCidr } : {})
  );
}

/** Returns the name as kube-proxy forms it: in lower case, without surrounding blanks. */
const nodeName = (name: string): string => trimSpace(name).toLowerCase();

/** kube-proxy gives the kernel whole seconds, and cuts off the rest. */
const wholeSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1_000);

const ipvsTimeouts = (values: FieldValues): IpvsTimeouts => ({
  tcp: wholeSeconds(values['ipvs.tcpTimeout']),
  tcpFin: wholeSeconds(values['ipvs.tcpFinTimeout']),
  udp: wholeSeconds(values['ipvs.udpTimeout']),
});

const conntrack = (values: FieldValues): ConntrackOptions => ({
  maxPerCore: values['conntrack.maxPerCore'],
  min: values['conntrack.min'],
  tcpEstablishedTimeout: wholeSeconds(values['conntrack.tcpEstablishedTimeout']),
  tcpCloseWaitTimeout: wholeSeconds(values['conntrack.tcpCloseWaitTimeout']),
  tcpBeLiberal: values['conntrack.tcpBeLiberal'],
  udpTimeout: wholeSeconds(values['conntrack.udpTimeout']),
  udpStreamTimeout: wholeSeconds(values['conntrack.udpStreamTimeout']),
});
