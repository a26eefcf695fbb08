import { type Family, families } from '../net/address.js';
import type { SetType, Table } from './element.js';

/** The device that holds the VIPs, so that the kernel treats their packets as local and hands them to IPVS. */
export const ipvsDevice = 'kube-ipvs0';

/** Every set that a node in IPVS mode can have, in kube-proxy's order and with kube-proxy's types. */
export const setTypes = {
  'KUBE-LOOP-BACK': 'hash:ip,port,ip',
  'KUBE-CLUSTER-IP': 'hash:ip,port',
  'KUBE-EXTERNAL-IP': 'hash:ip,port',
  'KUBE-EXTERNAL-IP-LOCAL': 'hash:ip,port',
  'KUBE-LOAD-BALANCER': 'hash:ip,port',
  'KUBE-LOAD-BALANCER-FW': 'hash:ip,port',
  'KUBE-LOAD-BALANCER-LOCAL': 'hash:ip,port',
  'KUBE-LOAD-BALANCER-SOURCE-IP': 'hash:ip,port,ip',
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': 'hash:ip,port,net',
  'KUBE-NODE-PORT-TCP': 'bitmap:port',
  'KUBE-NODE-PORT-LOCAL-TCP': 'bitmap:port',
  'KUBE-NODE-PORT-UDP': 'bitmap:port',
  'KUBE-NODE-PORT-LOCAL-UDP': 'bitmap:port',
  'KUBE-NODE-PORT-SCTP-HASH': 'hash:ip,port',
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': 'hash:ip,port',
  'KUBE-HEALTH-CHECK-NODE-PORT': 'bitmap:port',
  'KUBE-IPVS-IPS': 'hash:ip',
} as const satisfies Record<string, SetType>;

export type SetName = keyof typeof setTypes;
export const setNames = Object.keys(setTypes) as SetName[];

/** The kernel's limit for the name of a set. */
const longestSetName = 31;

/** Returns a set's name in the kernel. Sets for IPv6 have names of their own, cut to the kernel's maximum length. */
export const kernelSetName = (name: SetName, family: Family): string =>
  family === 'IPv4' ? name : name.replace('KUBE-', 'KUBE-6-').slice(0, longestSetName);

/** Returns the family of one of kproxy's sets, by its name in the kernel. Sets of port numbers have no other sign. */
export const familyOfSet = (name: string): Family => (/^KUBE[-+=]6-/.test(name) ? 'IPv6' : 'IPv4');

/** Returns the names of sets in the kernel, of both families. */
export const kernelSetNames = (...sets: readonly SetName[]): readonly string[] =>
  sets.flatMap(name => families.map(family => kernelSetName(name, family)));

const names = kernelSetNames(...setNames);

/**
 * Returns the names that the temporary replacement of a set can have while the set is recreated: `KUBE+CLUSTER-IP`, or
 * `KUBE=CLUSTER-IP` if the first one is in use. They show whose they are, and are no longer than the set's own name,
 * which may have the kernel's maximum length.
 */
export const temporaryNames = (set: string): readonly string[] => ['+', '='].map(sign => set.replace('-', sign));

/** Returns the name of the new set that trades contents with a set which other software uses. */
export const swappedName = (set: string): string => set.replace('-', '~');

const replacedSets: ReadonlyMap<string, string> = new Map(
  names.flatMap(name => [...temporaryNames(name), swappedName(name)].map(temporary => [temporary, name])),
);

/** Returns the set that a temporary set replaces, or undefined if the name is not that of a temporary set. */
export const replacedSet = (temporary: string): string | undefined => replacedSets.get(temporary);

export const allTemporaryNames: readonly string[] = [...replacedSets.keys()];

const ownSetNames: ReadonlyMap<string, string> = new Map([...names, ...allTemporaryNames].map(name => [name, name]));

/** Returns the name if it is one of kproxy's sets, of either family, or of a temporary set; else undefined. */
export const ownSetName = (name: string): string | undefined => ownSetNames.get(name);

/**
 * Each chain follows the chains that it jumps to: the kernel refuses a jump to a missing chain, and the removal of a
 * chain that is jumped to.
 */
export const chainNames = {
  nat: ['KUBE-MARK-MASQ', 'KUBE-POSTROUTING', 'KUBE-LOAD-BALANCER', 'KUBE-NODE-PORT', 'KUBE-SERVICES'],
  filter: [
    'KUBE-FORWARD',
    'KUBE-NODE-PORT',
    'KUBE-SOURCE-RANGES-FIREWALL',
    'KUBE-PROXY-FIREWALL',
    'KUBE-IPVS-FILTER',
    'KUBE-IPVS-OUT-FILTER',
  ],
} as const satisfies Record<Table, readonly string[]>;

export const isOwnChain = (table: string, name: string): boolean =>
  isTable(table) && (chainNames[table] as readonly string[]).includes(name);

/** Returns true for a table in which kproxy has chains. */
export const isTable = (name: string): name is Table => Object.hasOwn(chainNames, name);

/** The kernel parameters that kproxy may set for Service packets, and therefore reads. */
export const sysctlNames = [
  'net/ipv4/vs/conntrack',
  'net/ipv4/vs/conn_reuse_mode',
  'net/ipv4/vs/expire_nodest_conn',
  'net/ipv4/vs/expire_quiescent_template',
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/arp_ignore',
  'net/ipv4/conf/all/arp_announce',
] as const;

/** The parameters of conntrack that kproxy may set, and therefore reads. Loading ip_vs loads conntrack too. */
export const conntrackNames = [
  'net/netfilter/nf_conntrack_max',
  'net/netfilter/nf_conntrack_buckets',
  'net/netfilter/nf_conntrack_tcp_timeout_established',
  'net/netfilter/nf_conntrack_tcp_timeout_close_wait',
  'net/netfilter/nf_conntrack_tcp_be_liberal',
  'net/netfilter/nf_conntrack_udp_timeout',
  'net/netfilter/nf_conntrack_udp_timeout_stream',
] as const;

/** Of these, the ones of the whole machine. Only its first network namespace can set them. */
export const machineNames: readonly (typeof conntrackNames)[number][] = [
  'net/netfilter/nf_conntrack_max',
  'net/netfilter/nf_conntrack_buckets',
];

/** Every kernel parameter that kproxy may set. */
export const ownSysctlNames = [...sysctlNames, ...conntrackNames] as const;
