import type { NodeNames } from '../cluster/node-names.js';
import type { ErrorCode } from '../errors.js';
import type { Backend } from '../node/iptables-backend.js';
import type { Leftover } from '../node/other-modes.js';
import type { OtherProxy } from '../node/other-proxies.js';
import type { FreeSpace } from '../run/folder-space.js';
import type { SudoState } from '../run/sudo-state.js';
import type { TrialResult } from './trials.js';

/** Something that was read, or why it could not be read. */
export type Fact<Value> =
  | { readonly is: 'read'; readonly value: Value }
  | { readonly is: 'unread'; readonly why: string };

/** The families of systems that have packages of their own. */
export type System = 'debian' | 'ubuntu' | 'fedora' | 'other';

export interface Machine {
  readonly system: System;
  /** True if this process runs in a container. */
  readonly isContainer: boolean;
  readonly isRoot: boolean;
  /** Node's name of the processor: `x64`. */
  readonly architecture: string;
}

export interface Permissions {
  /** Undefined if sudo is not used. */
  readonly sudo: SudoState | undefined;
  /** True if a user is there to answer a question of sudo. */
  readonly canAnswer: boolean;
  /** The effective capabilities of this process as bits. */
  readonly capabilities: Fact<bigint>;
}

export interface ToolFact {
  readonly name: string;
  /** What the tool printed about its version, or why it could not be asked. */
  readonly version: Fact<string>;
  readonly isMissing: boolean;
}

/** The node's iptables rules. */
export type RuleFact =
  | {
      readonly is: 'read';
      /** The rule system of plain `iptables`, or that which the user has chosen. */
      readonly backend: Backend | undefined;
      readonly remarks: readonly string[];
      /** Other rule systems that have rules of kube-proxy or kproxy. */
      readonly leftIn: readonly Backend[];
      readonly leftovers: readonly Leftover[];
    }
  | {
      readonly is: 'unread';
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly evidence: string;
    };

/** Which modules the kernel has, by their names with underscores. */
export interface ModuleFacts {
  readonly loaded: ReadonlySet<string>;
  /** Those on the disk, and those that are built in. Undefined if the folder of modules cannot be read. */
  readonly available: ReadonlySet<string> | undefined;
}

export interface Parameters {
  /** The kernel parameters that exist, by their paths below /proc/sys. */
  readonly values: ReadonlyMap<string, string>;
  /** True if /proc/sys is mounted read-only, as in most containers. */
  readonly areReadOnly: boolean;
}

export interface Device {
  readonly name: string;
  /** `dummy`, `bridge`. Undefined for a device of hardware. */
  readonly type: string | undefined;
}

/** Another program that programs IPVS in this network namespace. */
export interface RunningProxy extends OtherProxy {
  /** The words of its command line. */
  readonly words: readonly string[];
  /** `pod`, the name of a unit of systemd, or undefined. */
  readonly manager: string | undefined;
}

/** The free space of a folder that kproxy writes to. */
export interface FolderSpace {
  readonly folder: string;
  readonly space: Fact<FreeSpace>;
}

/** What the API server said about itself. */
export interface ServerFact {
  /** `v1.37.2`. */
  readonly version: string;
  /** How far this machine's clock is ahead of the API server's, in milliseconds. Undefined if that is not known. */
  readonly clockAhead: number | undefined;
}

/** A request that the API server allows or not. */
export interface AccessFact {
  readonly verb: string;
  /** `endpointslices.discovery.k8s.io`. */
  readonly resource: string;
  readonly isAllowed: boolean;
}

export interface NodeNameFact {
  readonly name: string;
  readonly isKnown: boolean;
  readonly known: NodeNames;
}

export interface ClusterFacts {
  /** The version of kubectl: `v1.37.2`. */
  readonly kubectl: Fact<string>;
  readonly isKubectlMissing: boolean;
  readonly server: Fact<ServerFact> & { readonly advice?: string | undefined };
  readonly access: Fact<readonly AccessFact[]>;
  /** Who these credentials belong to. It is read only if something is not allowed. */
  readonly user: Fact<string>;
  readonly node: Fact<NodeNameFact>;
}

/** Everything that the checks know. A check reads nothing itself. */
export interface Facts {
  readonly machine: Machine;
  readonly permissions: Permissions;
  readonly tools: readonly ToolFact[];
  readonly rules: RuleFact;
  readonly trials: Fact<readonly TrialResult[]>;
  readonly modules: ModuleFacts;
  readonly parameters: Parameters;
  /** Why the node cannot serve IPv6, or undefined if it can. */
  readonly ipv6Lacks: string | undefined;
  readonly devices: Fact<readonly Device[]>;
  readonly proxies: readonly RunningProxy[];
  /** The mode that kube-proxy itself names. Undefined if it does not run, or does not answer. */
  readonly kubeProxyMode: string | undefined;
  readonly folders: readonly FolderSpace[];
  readonly cluster: ClusterFacts;
  /** Milliseconds since 1970. */
  readonly now: number;
}
