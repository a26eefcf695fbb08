import type { Family } from '../../net/address.js';
import type { Connections } from '../actual-state.js';
import type { RealServer, Rule, VirtualServer } from '../element.js';

/**
 * Everything on a node that decides what happens to a packet, of whatever software: what `explain` walks packets
 * through. Plain data, so that a snapshot can have it as JSON.
 */
export interface Datapath {
  readonly tables: readonly RuleTable[];
  readonly sets: readonly MatchSet[];
  readonly virtualServers: readonly DatapathServer[];
  readonly links: readonly DatapathLink[];
  /** The routes of all tables and both families, the table `local` included. */
  readonly routes: readonly Route[];
  /** The routing policy rules of both families, by ascending priority. */
  readonly routingRules: readonly RoutingRule[];
  /** Kernel parameters by their path below /proc/sys: `net/ipv4/ip_forward`. One that is missing could not be read. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** The ports on which the node's own processes listen. Undefined if they could not be read. */
  readonly sockets: readonly ListeningSocket[] | undefined;
  /**
   * The ports of bridges by the addresses behind them, as far as the neighbor table and the bridge's own table know
   * them.
   */
  readonly bridgePorts?: Readonly<Record<string, string>>;
  /** What could not be read, as lines without a full stop: `ip rule failed: …`. */
  readonly unread: readonly string[];
}

/** A table of iptables: raw, mangle, nat, filter or security. */
export interface RuleTable {
  readonly family: Family;
  readonly name: string;
  /** Built-in chains and those of users, in the order in which iptables-save prints them. */
  readonly chains: readonly RuleChain[];
}

export interface RuleChain {
  readonly name: string;
  /** `ACCEPT` or `DROP` for a built-in chain, else undefined. */
  readonly policy: string | undefined;
  readonly rules: readonly CountedRule[];
  /** How many packets the policy decided. */
  readonly packets?: number;
}

export interface CountedRule {
  /** As iptables-save prints it, without `-A CHAIN`. */
  readonly argv: Rule;
  /** How many packets matched it. Undefined if the counters were not read. */
  readonly packets?: number;
  readonly bytes?: number;
}

/** A set of ipset, of any type. */
export interface MatchSet {
  readonly name: string;
  /** `hash:ip,port`. */
  readonly type: string;
  /** Undefined for types without addresses. */
  readonly family: Family | undefined;
  readonly entries: readonly SetEntry[];
  /** What `ipset save` prints behind the type: `netmask 24`, `markmask 0xff`. */
  readonly options?: readonly string[];
}

export interface SetEntry {
  /** As `ipset save` prints it: `10.0.0.1,tcp:80`. The name of a set in a `list:set`. */
  readonly value: string;
  /** True for an exception in a set of networks (`nomatch`). */
  readonly isException?: boolean;
  /** True for a device with `wildcard`: `eth` is every device whose name begins so. */
  readonly isWildcard?: boolean;
}

export interface DatapathServer {
  readonly server: VirtualServer;
  readonly realServers: readonly DatapathRealServer[];
}

export interface DatapathRealServer {
  readonly real: RealServer;
  readonly connections: Connections;
}

export interface DatapathLink {
  readonly name: string;
  /** `bridge`, `veth`, `dummy`. Undefined for physical devices. */
  readonly type?: string;
  /** The bridge or bond that the device is a port of. */
  readonly master?: string;
  readonly isUp: boolean;
  /** Of a bridge's port: whether the bridge returns frames to the port that they came from. */
  readonly isHairpin?: boolean;
  readonly addresses: readonly LinkAddress[];
}

export interface LinkAddress {
  readonly address: string;
  readonly prefix: number;
  /** The other end of a point-to-point address, whose network the prefix is then about. */
  readonly peer?: string;
  /** `global`, `link`, `host`. */
  readonly scope: string;
  readonly isSecondary?: boolean;
}

export interface Route {
  readonly family: Family;
  /** `main`, `local`, `default`, or a number. */
  readonly table: string;
  /** `unicast`, `local`, `broadcast`, `blackhole`, `unreachable`, `prohibit`, `throw` … */
  readonly type: string;
  /** A network in canonical form: `0.0.0.0/0` for the default route, `10.0.0.1/32` for an address. */
  readonly destination: string;
  readonly metric: number;
  /** One for most routes, several for a multipath route, none for a blackhole and the like. */
  readonly hops: readonly Hop[];
  /** The source that the node's own packets get (`src`). */
  readonly source?: string;
}

export interface Hop {
  readonly device?: string;
  readonly gateway?: string;
  /** True if the kernel does not use the hop (`dead`). It uses one that is only `linkdown`. */
  readonly isDown?: boolean;
}

/** Both ends belong to it. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

export interface RoutingRule {
  readonly family: Family;
  readonly priority: number;
  /** True for `not`. */
  readonly isInverted?: boolean;
  /** Networks in canonical form. Undefined for `all`. */
  readonly source?: string;
  readonly destination?: string;
  readonly inputDevice?: string;
  readonly outputDevice?: string;
  readonly mark?: { readonly value: number; readonly mask: number };
  /** The name of the protocol, or its number: `tcp`, `47`. */
  readonly protocol?: string;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  /** The users whose processes' packets it is about. Packets that the node forwards count as those of user 0. */
  readonly users?: NumberRange;
  /** Routes with a prefix of at most this length do not count (`suppress_prefixlength`): 0 for default routes. */
  readonly suppressedPrefix?: number;
  readonly action:
    | { readonly kind: 'lookup'; readonly table: string }
    /** The next rule is the first one that has at least this priority. */
    | { readonly kind: 'goto'; readonly priority: number }
    | { readonly kind: 'refuse'; readonly type: 'blackhole' | 'unreachable' | 'prohibit' };
  /** Selectors that kproxy does not know. They make it uncertain whether the rule matches. */
  readonly unknown?: readonly string[];
}

export interface ListeningSocket {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly family: Family;
  /** `0.0.0.0` or `::` for every address. A socket of `::` may take IPv4 too. */
  readonly address: string;
  readonly port: number;
}
