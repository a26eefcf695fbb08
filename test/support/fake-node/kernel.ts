import type { Family } from '../../../src/net/address.js';
import type { Protocol } from '../../../src/net/protocol.js';
import type { Connections } from '../../../src/node/actual-state.js';
import type { Forwarding, SetType } from '../../../src/node/element.js';

/** The state of the fake node's kernel, both kproxy's part and that of other software. */
export interface FakeKernel {
  readonly release: string;
  /** Ticks a second, the unit of session affinity in /proc/net/ip_vs. */
  readonly hertz: number;
  readonly modules: Set<string>;
  /** Path below /proc/sys → value. Loading ip_vs adds those of IPVS. */
  readonly sysctls: Map<string, string>;
  readonly links: Map<string, FakeLink>;
  readonly sets: Map<string, FakeSet>;
  /** The backend of plain `iptables`, whose rules are `tables`. The other backend's are `otherTables`. */
  readonly backend: Backend;
  readonly otherTables: Readonly<Record<Family, Map<string, FakeTable>>>;
  readonly tables: Readonly<Record<Family, Map<string, FakeTable>>>;
  readonly servers: Map<string, FakeVirtualServer>;
  /** The timeouts of IPVS in seconds. */
  readonly timeouts: FakeTimeouts;
  /** The list of the processors that are online, as the kernel prints it. */
  readonly processors: string;
  /** The kernel parameters that nobody can write, as in all network namespaces but the first. */
  readonly readOnly: Set<string>;
  /**
   * The number of virtual servers in other network namespaces. They use schedulers' modules and shorten
   * /proc/net/ip_vs.
   */
  readonly foreignServers: number;
  /** The UDP flows in conntrack. */
  readonly flows: Set<FakeFlow>;
  /** What the kernel refuses: the word for every change whose text contains the key. */
  readonly refusals: Map<string, string>;
  /** The broadcast addresses in the local table of routes. The kernel accepts no real server with one of them. */
  readonly broadcasts: Set<string>;
  /** What the machine does not have. */
  readonly lacks: Set<Lack>;
  /** Files outside /proc/sys, by their paths. */
  readonly files: Map<string, string>;
}

/** A part that a machine may lack. `all sets` is an ipset that knows the type of every set. */
type Lack = 'IPv6' | `${Family} ${'programs' | 'tables'}` | 'all sets';

interface FakeTimeouts {
  tcp: number;
  tcpFin: number;
  udp: number;
}

export interface FakeFlow {
  readonly address: string;
  readonly port: number;
  readonly backend: string;
  /** Undefined for the port of the samples, or for the port itself if the flow was not redirected. */
  readonly backendPort?: number | undefined;
}

/** One of the kernel's two rule systems. */
export type Backend = 'legacy' | 'nft';

export interface FakeLink {
  readonly type: string | undefined;
  readonly addresses: FakeAddress[];
}

export interface FakeAddress {
  readonly address: string;
  readonly prefix: number;
  readonly peer?: string;
  /** True if the address has a lifetime. */
  readonly expires?: boolean;
}

export interface FakeSet {
  readonly type: SetType;
  readonly family: Family | undefined;
  readonly maximum: number | undefined;
  /** As `ipset save` prints them: `timeout 600`, `range 0-100`. */
  readonly extensions?: readonly string[] | undefined;
  readonly entries: Set<string>;
}

export type FakeTable = Map<string, FakeChain>;

export interface FakeChain {
  /** Undefined for a user's own chain. */
  readonly policy: string | undefined;
  readonly rules: (readonly string[])[];
}

export interface FakeVirtualServer {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  readonly scheduler: string;
  readonly flags: readonly number[];
  readonly persistence: { readonly seconds: number; readonly netmask: string } | undefined;
  readonly onePacket?: true | undefined;
  readonly persistenceEngine?: string | undefined;
  readonly realServers: Map<string, FakeRealServer>;
}

export interface FakeRealServer {
  readonly thresholds?: { readonly upper: number; readonly lower: number } | undefined;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly forwarding: Forwarding;
  readonly connections: Connections;
}

const builtInChains: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};

export const emptyTable = (name: string): FakeTable =>
  new Map((builtInChains[name] ?? []).map(chain => [chain, { policy: 'ACCEPT', rules: [] }]));

const emptyTables = () => new Map(['filter', 'nat'].map(name => [name, emptyTable(name)]));

export interface FakeMachine {
  readonly release?: string;
  readonly hertz?: number;
  readonly backend?: Backend;
  /** The addresses of eth0 with their prefix lengths. */
  readonly addresses?: readonly string[];
  /** The number of virtual servers in other network namespaces. */
  readonly foreignServers?: number;
  readonly processors?: string;
}

/** Returns the kernel of a machine on which no proxy has ever run, with eth0 and the loopback, and without ip_vs. */
export function freshKernel({
  release = '6.1.0-13-amd64',
  hertz = 250,
  backend = 'legacy',
  addresses = ['10.10.0.11/24', 'fd00:10:10::11/64'],
  foreignServers = 0,
  processors = '0-1',
}: FakeMachine = {}): FakeKernel {
  const parsed = addresses.map(parsePrefix);
  return {
    release,
    hertz,
    modules: new Set(),
    sysctls: new Map([
      ['net/ipv4/ip_forward', '0'],
      ['net/ipv4/conf/all/arp_ignore', '0'],
      ['net/ipv4/conf/all/arp_announce', '0'],
    ]),
    links: new Map<string, FakeLink>([
      [
        'lo',
        {
          type: undefined,
          addresses: [
            { address: '127.0.0.1', prefix: 8 },
            { address: '::1', prefix: 128 },
          ],
        },
      ],
      ['eth0', { type: undefined, addresses: parsed }],
    ]),
    sets: new Map(),
    backend,
    otherTables: { IPv4: new Map(), IPv6: new Map() },
    tables: { IPv4: emptyTables(), IPv6: emptyTables() },
    servers: new Map(),
    timeouts: { tcp: 900, tcpFin: 120, udp: 300 },
    processors,
    readOnly: new Set(),
    foreignServers,
    flows: new Set(),
    refusals: new Map(),
    broadcasts: new Set(),
    lacks: new Set(),
    files: new Map(),
  };
}

export function parsePrefix(text: string): FakeAddress {
  const [address = '', prefix = ''] = text.split('/');
  return { address, prefix: Number(prefix) };
}

/** Loads a module. With ip_vs, the parameters of IPVS and of conntrack are added, as with four gigabytes of memory. */
export function loadModule(kernel: FakeKernel, name: string): void {
  if (kernel.modules.has(name)) return;
  kernel.modules.add(name);
  if (name !== 'ip_vs') return;
  for (const [parameter, value] of [
    ['conntrack', '0'],
    ['conn_reuse_mode', '1'],
    ['expire_nodest_conn', '0'],
    ['expire_quiescent_template', '0'],
  ] as const)
    kernel.sysctls.set(`net/ipv4/vs/${parameter}`, value);
  for (const [parameter, value] of [
    ['max', '262144'],
    ['buckets', '262144'],
    ['tcp_timeout_established', '432000'],
    ['tcp_timeout_close_wait', '60'],
    ['tcp_be_liberal', '0'],
    ['udp_timeout', '30'],
    ['udp_timeout_stream', '120'],
  ] as const)
    kernel.sysctls.set(`net/netfilter/nf_conntrack_${parameter}`, value);
}
