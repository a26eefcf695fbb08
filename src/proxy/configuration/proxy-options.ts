import { KproxyError } from '../../errors.js';
import { defaultOptions, type Profile, type ProxyOptions } from '../options.js';
import type { KubeProxyConfiguration } from './kube-proxy-configuration.js';
import { parseClusterCidrs, parseNetworks, parseNodePortAddresses } from './networks.js';
import { parseScheduler } from './scheduler.js';

/** The flags of the command line, which override the configuration file. */
export interface ProxyFlags {
  readonly node?: string;
  readonly hostnameOverride?: string;
  readonly profile: Profile;
  readonly clusterCidr?: string;
  readonly masqueradeAll?: boolean;
  readonly ipvsScheduler?: string;
  readonly ipvsExcludeCidrs?: string;
  readonly ipvsStrictArp?: boolean;
  readonly nodeportAddresses?: string;
}

/** The network of the Pods in the tutorial, and the default of its profile. */
const tutorialCidr = '10.244.0.0/16';

/**
 * Returns the proxy's options from flags, then configuration, then defaults.
 * @throws KproxyError option-invalid or configuration-invalid, which names the flag or field
 */
export function proxyOptions(
  flags: ProxyFlags,
  configuration: KubeProxyConfiguration | undefined,
  hostName: string,
): ProxyOptions {
  refuseDetectLocal(configuration);
  const { ipvs, iptables } = configuration ?? {};
  const clusterCidr = choose('--cluster-cidr', flags.clusterCidr, 'clusterCIDR', configuration?.clusterCIDR);
  const scheduler = choose('--ipvs-scheduler', flags.ipvsScheduler, 'ipvs.scheduler', ipvs?.scheduler);
  const exclude = choose('--ipvs-exclude-cidrs', flags.ipvsExcludeCidrs, 'ipvs.excludeCIDRs', ipvs?.excludeCIDRs);
  const nodePorts = choose(
    '--nodeport-addresses',
    flags.nodeportAddresses,
    'nodePortAddresses',
    configuration?.nodePortAddresses,
  );
  return {
    nodeName: nodeName(flags.node ?? flags.hostnameOverride ?? (configuration?.hostnameOverride || hostName)),
    profile: flags.profile,
    clusterCidrs: clusterCidr ? parseClusterCidrs(...clusterCidr) : defaultClusterCidrs(flags.profile),
    masqueradeAll: flags.masqueradeAll ?? iptables?.masqueradeAll ?? defaultOptions.masqueradeAll,
    masqueradeBit: iptables?.masqueradeBit ?? defaultOptions.masqueradeBit,
    scheduler: scheduler ? parseScheduler(scheduler[0], scheduler[1][0] ?? '') : defaultOptions.scheduler,
    strictArp: flags.ipvsStrictArp ?? ipvs?.strictARP ?? defaultOptions.strictArp,
    nodePortAddresses: nodePorts ? parseNodePortAddresses(...nodePorts) : defaultOptions.nodePortAddresses,
    excludeCidrs: exclude ? parseNetworks(...exclude) : defaultOptions.excludeCidrs,
    localDetection: defaultOptions.localDetection,
    ipvsTimeouts: defaultOptions.ipvsTimeouts,
    conntrack: defaultOptions.conntrack,
  };
}

const defaultClusterCidrs = (profile: Profile) => (profile === 'tutorial' ? { IPv4: tutorialCidr } : {});

type Setting = string | readonly string[] | null | undefined;

/** Returns the value of the flag, else of the field, with its name, or undefined if neither is set. */
function choose(
  flagName: string,
  flagValue: Setting,
  field: string,
  fieldValue: Setting,
): readonly [string, readonly string[]] | undefined {
  const list = (value: Setting) => (typeof value === 'string' ? [value] : (value ?? [])).filter(text => text !== '');
  if (list(flagValue).length > 0) return [flagName, list(flagValue)];
  return list(fieldValue).length > 0 ? [`--config, ${field}`, list(fieldValue)] : undefined;
}

/** Returns the name as kube-proxy forms it: in lower case, without surrounding blanks. */
const nodeName = (name: string): string => name.trim().toLowerCase();

/** @throws KproxyError configuration-invalid */
function refuseDetectLocal(configuration: KubeProxyConfiguration | undefined): void {
  const mode = configuration?.detectLocalMode;
  if (!mode || mode === 'ClusterCIDR') return;
  throw new KproxyError({
    message: `--config, detectLocalMode: ${mode} is not supported`,
    advice:
      'kproxy detects local traffic by the network of the Pods. Use ClusterCIDR with clusterCIDR, or --cluster-cidr.',
    code: 'configuration-invalid',
  });
}
