import type { Family } from '../net/address.js';
import type { Protocol } from '../net/protocol.js';

/** What kproxy knows of a node, desired or actual. Each variant is described in one file of `kinds/`. */
export type Element =
  | Module
  | Sysctl
  | Link
  | Address
  | IpSet
  | Entry
  | Chain
  | Jumps
  | VirtualServer
  | RealServer
  | Timeouts
  | Flow;

export type ElementKindName = Element['kind'];

/** The kinds that single Services claim. All others follow from all Services together, or are what every node needs. */
export const serviceKinds: readonly ElementKindName[] = ['entry', 'address', 'virtual-server', 'real-server'];

export interface Module {
  readonly kind: 'module';
  readonly name: string;
}

export interface Sysctl {
  readonly kind: 'sysctl';
  /** The path below /proc/sys: `net/ipv4/vs/conntrack`. */
  readonly name: string;
  readonly value: string;
  /** Only desired: a node with a larger number keeps it. */
  readonly atLeast?: true | undefined;
}

export interface Link {
  readonly kind: 'link';
  readonly name: string;
  readonly type: string;
}

export interface Address {
  readonly kind: 'address';
  readonly link: string;
  readonly address: string;
  readonly prefix: number;
  /** The other end of a point-to-point address, whose network the prefix is then about. kproxy gives no address one. */
  readonly peer?: string;
  /** True for an address that the kernel removes by itself after some time. */
  readonly expires?: boolean;
}

export interface IpSet {
  readonly kind: 'set';
  readonly name: string;
  readonly type: SetType;
  /** Undefined for a set of port numbers. */
  readonly family: Family | undefined;
  /** The limit of entries. Undefined if the type has none, or if ipset's default of 65536 suffices. */
  readonly maximum: number | undefined;
  /**
   * What the set has beyond kproxy's own sets, as `ipset save` prints it: `timeout 600`, `counters`, `range 0-100`.
   * Missing if there is nothing.
   */
  readonly extensions?: readonly string[] | undefined;
}

export type SetType = 'hash:ip' | 'hash:ip,port' | 'hash:ip,port,ip' | 'hash:ip,port,net' | 'bitmap:port';

export interface Entry {
  readonly kind: 'entry';
  readonly set: string;
  /** As `ipset save` prints it: `10.0.0.1,tcp:80`. */
  readonly value: string;
  /** True for an exception in a set of networks (`nomatch`), which is the opposite of an entry. */
  readonly isException?: true | undefined;
}

/** Returns the set that an element is or is in, or undefined for elements of other kinds. */
export function setOf(element: Element): string | undefined {
  if (element.kind === 'entry') return element.set;
  return element.kind === 'set' ? element.name : undefined;
}

export type Table = 'nat' | 'filter';

export interface Chain {
  readonly kind: 'chain';
  readonly family: Family;
  readonly table: Table;
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** A rule's arguments as `iptables-save` prints them, without `-A CHAIN`. */
export type Rule = readonly string[];

/** kproxy's jumps in one built-in chain, in their order. */
export interface Jumps {
  readonly kind: 'jumps';
  readonly family: Family;
  readonly table: Table;
  readonly chain: string;
  readonly rules: readonly Rule[];
}

export interface VirtualServerAddress {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

export interface VirtualServer extends VirtualServerAddress {
  readonly kind: 'virtual-server';
  readonly scheduler: string;
  /** The scheduler's flag numbers, ascending: 1 is `sh-fallback` or `mh-fallback`, 2 is `sh-port` or `mh-port`. */
  readonly flags: readonly number[];
  /** How long a client stays with its real server. Undefined without session affinity. */
  readonly persistence: { readonly seconds: number; readonly netmask: string } | undefined;
  /** True if the kernel schedules each packet by itself (`ipvsadm -o`). No Service wants that. */
  readonly onePacket?: true | undefined;
  /** How the kernel tells the clients of persistent UDP apart (`ipvsadm --pe sip`). No Service wants that. */
  readonly persistenceEngine?: string | undefined;
}

/** How long IPVS keeps idle connections in this network namespace, in seconds. A desired zero leaves what is there. */
export interface Timeouts {
  readonly kind: 'ipvs-timeouts';
  readonly tcp: number;
  /** For TCP connections after a FIN. */
  readonly tcpFin: number;
  readonly udp: number;
}

/**
 * UDP flows in conntrack from a VIP or from a network of VIPs: all of them, or those to one backend. Never desired and
 * no part of a state: they are only removed.
 */
export interface Flow {
  readonly kind: 'flow';
  /** An address, or a network in CIDR notation. */
  readonly address: string;
  /** Undefined for the flows of all ports. */
  readonly port?: number;
  readonly backend?: string;
  /** Undefined for flows to all ports of the backend. */
  readonly backendPort?: number;
}

export type Forwarding = 'masquerade' | 'route' | 'tunnel' | 'local';

/** The numbers of connections at which a real server gets no new ones any more, and gets some again. */
export interface Thresholds {
  readonly upper: number;
  readonly lower: number;
}

export interface RealServer {
  readonly kind: 'real-server';
  readonly server: VirtualServerAddress;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly forwarding: Forwarding;
  /** Never desired. Every change of a real server resets them. */
  readonly thresholds?: Thresholds | undefined;
}
