import type { Machine, Worker } from '../machines.js';

/** What a task has to achieve. Each kind is described in one file of this folder. */
export type Check =
  | SetCheck
  | EntryCheck
  | ChainCheck
  | RuleCheck
  | PolicyCheck
  | LinkCheck
  | AddressCheck
  | VirtualServerCheck
  | RealServerCheck
  | SysctlCheck
  | ObjectCheck
  | EndpointsCheck
  | RootShellCheck
  | ShownCheck
  | ConnectionsCheck
  | AllOfCheck;

/** The set exists and has the type. */
export interface SetCheck {
  readonly kind: 'set';
  readonly on: Worker;
  readonly name: string;
  readonly type: string;
}

export interface EntryCheck {
  readonly kind: 'entry';
  readonly on: Worker;
  readonly set: string;
  readonly value: string;
  /** True if the entry must not be there. */
  readonly isAbsent?: true;
}

export interface ChainCheck {
  readonly kind: 'chain';
  readonly on: Worker;
  readonly table: 'nat' | 'filter';
  readonly chain: string;
}

/** The chain has the rule once, as iptables-save prints it without `-A CHAIN`. Comments make no difference. */
export interface RuleCheck {
  readonly kind: 'rule';
  readonly on: Worker;
  readonly table: 'nat' | 'filter';
  readonly chain: string;
  readonly rule: string;
  readonly isAbsent?: true;
  /** True if no other rule may be before it, as for a jump from a built-in chain. */
  readonly isFirst?: true;
}

/** The policy of a built-in chain. */
export interface PolicyCheck {
  readonly kind: 'policy';
  readonly on: Worker;
  readonly table: 'nat' | 'filter';
  readonly chain: string;
  readonly policy: 'ACCEPT' | 'DROP';
}

export interface LinkCheck {
  readonly kind: 'link';
  readonly on: Worker;
  readonly name: string;
  readonly type: string;
}

export interface AddressCheck {
  readonly kind: 'address';
  readonly on: Worker;
  readonly link: string;
  /** With prefix length. */
  readonly address: string;
  readonly isAbsent?: true;
}

export interface VirtualServerCheck {
  readonly kind: 'virtual-server';
  readonly on: Worker;
  /** `TCP 10.254.10.128:80`. */
  readonly server: string;
  readonly scheduler: string;
}

export interface RealServerCheck {
  readonly kind: 'real-server';
  readonly on: Worker;
  readonly server: string;
  /** `10.244.1.3:8080`. */
  readonly address: string;
  /** True if it must not get new connections: it is gone, or its weight is 0 until its connections have ended. */
  readonly isAbsent?: true;
}

export interface SysctlCheck {
  readonly kind: 'sysctl';
  readonly on: Worker;
  /** The path below /proc/sys: `net/ipv4/vs/conntrack`. */
  readonly name: string;
  readonly value: string;
}

/** The cluster has the object, and its fields have these values. */
export interface ObjectCheck {
  readonly kind: 'object';
  /** `service/web-service`. */
  readonly object: string;
  /** Values by path: `metadata.labels.app`. */
  readonly fields?: Readonly<Record<string, string | number>>;
  readonly isAbsent?: true;
}

/** The Endpoints object lists exactly these addresses and this port. */
export interface EndpointsCheck {
  readonly kind: 'endpoints';
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number;
}

/** The shell on the machine is root's. */
export interface RootShellCheck {
  readonly kind: 'root-shell';
  readonly on: Machine;
}

/**
 * An answer since the task began shows each of these texts. For commands that only look. A text may be in any one of
 * the answers.
 */
export interface ShownCheck {
  readonly kind: 'shown';
  readonly on: Machine;
  readonly texts: readonly string[];
  /** True for several: each one must be shown. False: one of them is enough. Default: each. */
  readonly isAnyEnough?: true;
}

/** The kernel has balanced at least this many connections to the virtual server since it was created. */
export interface ConnectionsCheck {
  readonly kind: 'connections';
  readonly on: Worker;
  readonly server: string;
  readonly atLeast: number;
}

/** All of these pass. */
export interface AllOfCheck {
  readonly kind: 'all-of';
  readonly checks: readonly Check[];
}
