import type { Family } from '../net/address.js';
import type { SetType, Table } from './element.js';

/** The device that holds the VIPs, so that the kernel takes their packets for its own and hands them to IPVS. */
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

/** The set's name in the kernel: IPv6 sets have a name of their own, cut to what the kernel takes. */
export const kernelSetName = (name: SetName, family: Family): string =>
  family === 'IPv4' ? name : name.replace('KUBE-', 'KUBE-6-').slice(0, longestSetName);

const names = setNames.flatMap(name => [kernelSetName(name, 'IPv4'), kernelSetName(name, 'IPv6')]);

/**
 * The names that a set can have which stands in for another while that is made anew: `KUBE+CLUSTER-IP`, and `KUBE=CLUSTER-IP` where the first one is in use. They
 * are as long as the other's, which may be as long as the kernel takes, and tell whose they are.
 */
export const standInNames = (set: string): readonly string[] => ['+', '='].map(sign => set.replace('-', sign));

const stoodIn: ReadonlyMap<string, string> = new Map(
  names.flatMap(name => standInNames(name).map(standIn => [standIn, name])),
);

/** The set that one of this name stands in for; undefined where that is none of kproxy's stand-ins. */
export const stoodInFor = (standIn: string): string | undefined => stoodIn.get(standIn);

export const allStandInNames: readonly string[] = [...stoodIn.keys()];

/** The kernel names of all of kproxy's sets, of both families, and of what stands in for them. */
export const kernelSetNames: ReadonlySet<string> = new Set([...names, ...allStandInNames]);

/** Each after the chains that it jumps to: the kernel knows no jump to a chain that is not there, and keeps a chain that is jumped to. */
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

export const isOwnChain = (table: Table, name: string): boolean =>
  (chainNames[table] as readonly string[]).includes(name);

/** The kernel parameters that kproxy may set, and therefore looks at. */
export const sysctlNames = [
  'net/ipv4/vs/conntrack',
  'net/ipv4/vs/conn_reuse_mode',
  'net/ipv4/vs/expire_nodest_conn',
  'net/ipv4/vs/expire_quiescent_template',
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/arp_ignore',
  'net/ipv4/conf/all/arp_announce',
] as const;
