import { type IptablesBackend, programOf } from '../node/iptables-backend.js';
import { ipvsDevice } from '../node/names.js';

/** The parts of the kernel that features belong to. */
export type Area = 'IPVS' | 'ipset' | 'iptables' | 'the device';

/** A command that only a kernel with a certain feature accepts. */
export interface Trial {
  readonly name: string;
  readonly area: Area;
  readonly argv: readonly string[];
  /** The kernel module that has the feature, if it is not built in. */
  readonly module: string;
  /** True if kproxy can do its work without the feature, as long as no Service asks for it. */
  readonly isOptional?: boolean;
  /** The trial that must succeed first. */
  readonly after?: string;
}

/** What became of a trial. The exit code is 127 if its tool is missing. */
export interface TrialResult {
  readonly trial: Trial;
  readonly exitCode: number;
  readonly said: string;
}

/** Addresses for documentation (RFC 5737, RFC 3849), which no Service has. */
const server = { IPv4: '198.51.100.0', IPv6: '[2001:db8::1]' } as const;

const firstIpvs = 'ip_vs with the scheduler rr';

const scheduler = (name: string): Trial => ({
  name: `scheduler ${name}`,
  area: 'IPVS',
  argv: ['ipvsadm', '-A', '-t', `${server.IPv4}:${20_001 + otherSchedulers.indexOf(name)}`, '-s', name],
  module: `ip_vs_${name}`,
  isOptional: true,
  after: firstIpvs,
});
/** What `--ipvs-scheduler` and annotations of Services may name beside rr. */
const otherSchedulers: readonly string[] = ['wrr', 'lc', 'wlc', 'sh', 'dh', 'sed', 'nq', 'mh'];

const ipvsTrials: readonly Trial[] = [
  {
    name: firstIpvs,
    area: 'IPVS',
    argv: ['ipvsadm', '-A', '-t', `${server.IPv4}:20000`, '-s', 'rr'],
    module: 'ip_vs_rr',
  },
  {
    name: 'conntrack for IPVS',
    area: 'IPVS',
    argv: ['test', '-e', '/proc/sys/net/ipv4/vs/conntrack'],
    module: 'nf_conntrack',
    after: firstIpvs,
  },
  ...otherSchedulers.map(scheduler),
  {
    name: 'SCTP',
    area: 'IPVS',
    argv: ['ipvsadm', '-A', '--sctp-service', `${server.IPv4}:20000`, '-s', 'rr'],
    module: 'ip_vs',
    isOptional: true,
    after: firstIpvs,
  },
];

const ipvsIpv6Trial: Trial = {
  name: 'IPVS for IPv6',
  area: 'IPVS',
  argv: ['ipvsadm', '-A', '-t', `${server.IPv6}:20000`, '-s', 'rr'],
  module: 'ip_vs',
  isOptional: true,
  after: firstIpvs,
};

const trySet = 'KPROXY-TRY';

const setTrial = (type: string, module: string): Trial => ({
  name: `sets of type ${type}`,
  area: 'ipset',
  argv: ['ipset', 'create', `${trySet}-${type}`, type, ...(type === 'bitmap:port' ? ['range', '0-65535'] : [])],
  module,
});

const firstSet = setTrial('hash:ip', 'ip_set_hash_ip');
const setTrials: readonly Trial[] = [
  firstSet,
  setTrial('hash:ip,port', 'ip_set_hash_ipport'),
  setTrial('hash:ip,port,ip', 'ip_set_hash_ipportip'),
  setTrial('hash:ip,port,net', 'ip_set_hash_ipportnet'),
  setTrial('bitmap:port', 'ip_set_bitmap_port'),
];

const deviceTrial: Trial = {
  name: 'dummy devices',
  area: 'the device',
  argv: ['ip', 'link', 'add', ipvsDevice, 'type', 'dummy'],
  module: 'dummy',
};

/** The matches and targets of kproxy's rules. */
const ruleParts: readonly (readonly [name: string, module: string, table: 'nat' | 'filter', words: string])[] = [
  ['the match set', 'xt_set', 'nat', `-m set --match-set ${trySet}-hash:ip dst -j RETURN`],
  ['the match comment', 'xt_comment', 'nat', '-m comment --comment kproxy -j RETURN'],
  ['the match mark', 'xt_mark', 'nat', '-m mark --mark 0x4000/0x4000 -j RETURN'],
  ['the target MARK', 'xt_mark', 'nat', '-j MARK --set-xmark 0x4000/0x4000'],
  ['the match addrtype', 'xt_addrtype', 'nat', '-m addrtype --dst-type LOCAL -j RETURN'],
  ['the target MASQUERADE', 'xt_MASQUERADE', 'nat', '-j MASQUERADE --random-fully'],
  ['the match conntrack', 'xt_conntrack', 'filter', '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
  ['the match ipvs', 'xt_ipvs', 'filter', `-m ipvs --vaddr ${server.IPv4}/32 -j RETURN`],
  ['the target REJECT', 'ipt_REJECT', 'filter', '-j REJECT'],
];

/** Such a rule makes the kernel load br_netfilter, after which the frames of all bridges pass the rules. */
const bridgePart: (typeof ruleParts)[number] = [
  'the match physdev',
  'xt_physdev',
  'nat',
  '-m physdev ! --physdev-is-in -j RETURN',
];

function ruleTrials({ backend, isNft, hasBridgeFilter }: TrialOptions): readonly Trial[] {
  const iptables = (table: string, ...words: readonly string[]) =>
    [programOf('iptables', backend), '-w', '5', '-t', table, ...words] as const;
  const tables = (['nat', 'filter'] as const).map(
    (table): Trial => ({
      name: `the table ${table}`,
      area: 'iptables',
      argv: iptables(table, '-N', trySet),
      module: isNft ? 'nft_compat' : `iptable_${table}`,
    }),
  );
  const parts = [...ruleParts, ...(hasBridgeFilter ? [bridgePart] : [])].map(
    ([name, module, table, words]): Trial => ({
      name,
      area: 'iptables',
      argv: iptables(table, '-A', trySet, ...words.split(' ')),
      module,
      after: name === 'the match set' ? firstSet.name : `the table ${table}`,
    }),
  );
  return [...tables, ...parts];
}

function ruleTrialsOfIpv6({ backend, isNft }: TrialOptions): readonly Trial[] {
  return [
    {
      name: 'the table nat of ip6tables',
      area: 'iptables',
      argv: [programOf('ip6tables', backend), '-w', '5', '-t', 'nat', '-N', trySet],
      module: isNft ? 'nft_compat' : 'ip6table_nat',
      isOptional: true,
    },
  ];
}

export interface TrialOptions {
  readonly backend: IptablesBackend;
  readonly isNft: boolean;
  /** False for a kernel without IPv6, where everything about IPv6 would fail for that reason. */
  readonly hasIpv6: boolean;
  /** True if the kernel has loaded br_netfilter. */
  readonly hasBridgeFilter: boolean;
}

/** Returns what is tried, in order. Each trial leaves what later ones need. */
export const trialsFor = (options: TrialOptions): readonly Trial[] => [
  deviceTrial,
  ...ipvsTrials,
  ...(options.hasIpv6 ? [ipvsIpv6Trial] : []),
  ...setTrials,
  ...ruleTrials(options),
  ...(options.hasIpv6 ? ruleTrialsOfIpv6(options) : []),
];
