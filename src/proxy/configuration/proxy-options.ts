import { KproxyError } from '../../errors.js';
import { defaultOptions, type Profile, type ProxyOptions } from '../options.js';
import type { KubeProxyConfiguration } from './kube-proxy-configuration.js';
import { parseClusterCidrs, parseNetworks, parseNodePortAddresses } from './networks.js';
import { parseScheduler } from './scheduler.js';

/** The command line's part; what it says wins over the configuration file. */
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

/** The Pods' network in the chapter, which its profile takes where no other is given. */
const chapterCidr = '10.244.0.0/16';

/**
 * The proxy's options from flags, then configuration, then defaults.
 * @throws KproxyError (exit code 2) naming the flag or field
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
    clusterCidrs: clusterCidr ? parseClusterCidrs(...clusterCidr) : chapterCidrs(flags.profile),
    masqueradeAll: flags.masqueradeAll ?? iptables?.masqueradeAll ?? defaultOptions.masqueradeAll,
    masqueradeBit: iptables?.masqueradeBit ?? defaultOptions.masqueradeBit,
    scheduler: scheduler ? parseScheduler(scheduler[0], scheduler[1][0] ?? '') : defaultOptions.scheduler,
    strictArp: flags.ipvsStrictArp ?? ipvs?.strictARP ?? defaultOptions.strictArp,
    nodePortAddresses: nodePorts ? parseNodePortAddresses(...nodePorts) : defaultOptions.nodePortAddresses,
    excludeCidrs: exclude ? parseNetworks(...exclude) : defaultOptions.excludeCidrs,
  };
}

const chapterCidrs = (profile: Profile) => (profile === 'tutorial' ? { IPv4: chapterCidr } : {});

type Setting = string | readonly string[] | null | undefined;

/** The value that counts with the name by which the user knows it, or undefined where neither has one. */
function choose(
  flagName: string,
  flag: Setting,
  field: string,
  configured: Setting,
): readonly [string, readonly string[]] | undefined {
  const list = (value: Setting) => (typeof value === 'string' ? [value] : (value ?? [])).filter(text => text !== '');
  if (list(flag).length > 0) return [flagName, list(flag)];
  return list(configured).length > 0 ? [`--config, ${field}`, list(configured)] : undefined;
}

/** As kube-proxy names its node: lower case, without blanks around. */
const nodeName = (name: string): string => name.trim().toLowerCase();

function refuseDetectLocal(configuration: KubeProxyConfiguration | undefined): void {
  const mode = configuration?.detectLocalMode;
  if (!mode || mode === 'ClusterCIDR') return;
  throw new KproxyError({
    message: `--config, detectLocalMode: ${mode} is not supported`,
    advice: 'kproxy tells local traffic by the Pods’ network: use ClusterCIDR with clusterCIDR, or --cluster-cidr.',
    code: 'configuration-invalid',
  });
}
