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
  | Flow;

export type ElementKindName = Element['kind'];

/** What Services ask for, one by one; all else follows from all of them together, or is what every node needs. */
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
}

export interface IpSet {
  readonly kind: 'set';
  readonly name: string;
  readonly type: SetType;
  /** A set of port numbers alone has none. */
  readonly family: Family | undefined;
  /** Undefined where the type has no such limit, or where ipset's own default (65536) will do. */
  readonly maximum: number | undefined;
}

export type SetType = 'hash:ip' | 'hash:ip,port' | 'hash:ip,port,ip' | 'hash:ip,port,net' | 'bitmap:port';

export interface Entry {
  readonly kind: 'entry';
  readonly set: string;
  /** As `ipset save` prints it: `10.0.0.1,tcp:80`. */
  readonly value: string;
}

export type Table = 'nat' | 'filter';

export interface Chain {
  readonly kind: 'chain';
  readonly family: Family;
  readonly table: Table;
  readonly name: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** As `iptables-save` prints it, without `-A CHAIN`; one string an argument. */
  readonly argv: readonly string[];
  /** Which packet would go wrong without it. Empty for a rule that was read from the node. */
  readonly why: string;
  /** The sets whose entries make the rule necessary. */
  readonly sets?: readonly string[];
  /** The full profile has it, the chapter has not. */
  readonly beyondChapter?: boolean;
}

/** kproxy's jumps in one built-in chain, in their order. */
export interface Jumps {
  readonly kind: 'jumps';
  readonly family: Family;
  readonly table: Table;
  readonly chain: string;
  readonly rules: readonly Rule[];
  /** Rules of others that end a packet's way before it reaches a jump; nothing of the kind is ever desired. */
  readonly behind: readonly string[];
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
  /** How long a client stays with its real server; undefined without session affinity. */
  readonly persistence: { readonly seconds: number; readonly netmask: string } | undefined;
}

/** UDP flows in conntrack from a VIP's port to one backend. Never read: a plan only takes them away. */
export interface Flow {
  readonly kind: 'flow';
  readonly address: string;
  readonly port: number;
  readonly backend: string;
}

export type Forwarding = 'masquerade' | 'route' | 'tunnel' | 'local';

export interface RealServer {
  readonly kind: 'real-server';
  readonly server: VirtualServerAddress;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly forwarding: Forwarding;
  /** Connections that go through it now; 0 where it is only desired. */
  readonly connections: Connections;
}

export interface Connections {
  readonly active: number;
  readonly inactive: number;
}

export const noConnections: Connections = { active: 0, inactive: 0 };

/** The reasons of all desired elements, by their keys. */
export type Reasons = Pick<ReadonlyMap<string, readonly Reason[]>, 'get'>;

/** Why an element is wanted: who asks for it, and which packet would go wrong without it. */
export interface Reason {
  /** `default/web-service:http`, or undefined for what every node needs. */
  readonly servicePort: string | undefined;
  readonly why: string;
}
