import type { Family } from '../net/address.js';
import type { VirtualServerAddress } from './element.js';
import type { LocalAddress } from './tools/ip-address-list.js';

/** What the desired state needs to know of a node. It is read and never programmed. */
export interface NodeFacts {
  /** The addresses of all devices but the IPVS device. */
  readonly localAddresses: readonly Omit<LocalAddress, 'kind'>[];
  /** `6.1.0-13-amd64`. Undefined if it could not be read. */
  readonly kernelRelease: string | undefined;
  /** Schedulers that Services ask for and that the kernel turned out not to have. Undefined if none was tried. */
  readonly missingSchedulers?: readonly string[];
  /** The broadcast addresses among the local routes. Undefined unless the node refused a real server with one. */
  readonly broadcasts?: readonly string[];
  /** The families that this node cannot serve. They are left out of the desired state. */
  readonly unserved: readonly UnservedFamily[];
  /** The families whose tables nothing has shown yet, and that no Service needed when the node was read. */
  readonly untried: readonly Family[];
  /** Addresses that the node itself relies on. Undefined if they were not read. */
  readonly relied?: readonly ReliedAddress[];
  /** Virtual servers of other software. Undefined as long as the node's virtual servers are not known. */
  readonly foreignServers?: readonly ForeignServer[];
  /** Cluster IPs on the node of Services that were not read. Undefined if there are none, or all Services were read. */
  readonly unreadClusterIps?: readonly string[];
  /** Undefined in a snapshot of an earlier kproxy, which did not read any limits. */
  readonly limits?: LimitFacts | undefined;
}

/** An address of another machine that a node relies on: its default gateway, or a resolver of its programs. */
export interface ReliedAddress {
  readonly address: string;
  readonly as: 'gateway' | 'resolver';
}

/** A virtual server that kproxy did not make. */
export interface ForeignServer extends VirtualServerAddress {
  /** The address is neither the node's own nor bound by kproxy, so that all of its ports belong to other software. */
  readonly hasAddress: boolean;
}

/** What the limits of connections depend on. */
export interface LimitFacts {
  /** How many processors are online. Undefined if that could not be read. */
  readonly processors: number | undefined;
  /** The kernel parameters that cannot be written here, by their paths below /proc/sys. */
  readonly readOnly: readonly string[];
}

/** A family that a node cannot serve. */
export interface UnservedFamily {
  readonly family: Family;
  /** What the node lacks, as a clause: `ip6tables-save is not installed`. */
  readonly reason: string;
  /** False if the kernel may have rules of the family that kproxy cannot see, and that may name sets. */
  readonly areRulesKnown: boolean;
}

/** Returns the node's own addresses, of both families. */
export const addressesOf = ({ localAddresses }: NodeFacts): ReadonlySet<string> =>
  new Set(localAddresses.map(({ address }) => address));

/** Returns the families that the node cannot serve. */
export const unservedFamilies = ({ unserved }: NodeFacts): ReadonlySet<Family> =>
  new Set(unserved.map(({ family }) => family));

/** Returns the families that may have rules in the kernel that kproxy cannot see. */
export const familiesWithUnknownRules = ({ unserved }: NodeFacts): ReadonlySet<Family> =>
  new Set(unserved.filter(({ areRulesKnown }) => !areRulesKnown).map(({ family }) => family));

export const unknownFacts: NodeFacts = {
  localAddresses: [],
  kernelRelease: undefined,
  unserved: [],
  untried: [],
  limits: { processors: undefined, readOnly: [] },
};
