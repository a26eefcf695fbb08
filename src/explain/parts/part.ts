import type { Family } from '../../net/address.js';
import type { Change } from '../../node/change.js';
import type { Datapath } from '../../node/datapath/datapath.js';
import type { Rule } from '../../node/element.js';
import type { Desired } from '../../proxy/desired.js';
import type { ProxyOptions } from '../../proxy/options.js';
import type { Hook } from '../trace/trace.js';

/** What a part is explained from. */
export interface PartSources {
  readonly options: ProxyOptions;
  /** What the node should have, with the reasons. */
  readonly desired: Desired;
  /** The node as it is, or undefined if it was not read. */
  readonly actual: Datapath | undefined;
  /** The differences between both, as `diff` finds them. Empty if the node was not read. */
  readonly changes: readonly Change[];
}

/** A part of a node, explained: what it is for, what goes wrong without it, and who needs it on this node. */
export type PartExplanation = ChainExplanation | SetExplanation | RuleExplanation | SysctlExplanation;

export type PartKindName = PartExplanation['kind'];

const kindNames: Readonly<Record<PartKindName, true>> = { chain: true, set: true, rule: true, sysctl: true };

/** Returns true for the word that begins the explanation of a part, without loading what explains parts. */
export const isPartKind = (word: string): word is PartKindName => Object.hasOwn(kindNames, word);

/**
 * Whether a part is as kproxy needs it.
 * - `in sync`, `missing`, `different`: the node needs it.
 * - `left over`: it has a name of kproxy's, and no Service needs it.
 * - `not needed`: kproxy knows it, the node does not have it, and no Service needs it.
 * - `foreign`: it belongs to the kernel or to other software.
 * - `desired`: the node needs it, and was not read.
 */
export type PartState = 'in sync' | 'missing' | 'different' | 'left over' | 'not needed' | 'foreign' | 'desired';

/** Who a part belongs to. Of other software only the name of the part gives a hint. */
export interface Owner {
  readonly is: 'kproxy' | 'kernel' | 'probably' | 'unknown';
  /** The software that probably has the part. */
  readonly software: string | undefined;
}

/** What is known of a kind of part, whatever the node is like. Whole sentences. */
export interface Knowledge {
  /** What the part does. */
  readonly purpose: string;
  /** The packet that goes wrong without it. */
  readonly without: string;
  /** Who needs it, as the rest of a sentence that begins with `Needed by`. */
  readonly neededBy: string;
}

/** What is known of a part that may belong to other software. */
export type PerhapsKnown = { readonly [Field in keyof Knowledge]: Knowledge[Field] | undefined };

export const nothingKnown: PerhapsKnown = { purpose: undefined, without: undefined, neededBy: undefined };

export interface ChainExplanation {
  readonly kind: 'chain';
  readonly name: string;
  /** One for each table and family in which the chain is, or should be. */
  readonly places: readonly ChainPlace[];
}

export interface ChainPlace extends PerhapsKnown {
  readonly family: Family;
  readonly table: string;
  readonly owner: Owner;
  readonly state: PartState;
  /** How it differs from what it should be, one line each. */
  readonly differences: readonly string[];
  /** `ACCEPT` or `DROP` for a built-in chain. */
  readonly policy: string | undefined;
  /** The rules that jump to the chain. */
  readonly jumpedFrom: readonly JumpSource[];
  /** The hooks whose packets can reach the chain. */
  readonly hooks: readonly Hook[];
  readonly rules: readonly ExplainedRule[];
  /** Of a built-in chain: the numbers of the rules of other software that come before kproxy's last one. */
  readonly before: readonly number[];
  /** The Service ports that need the chain. Empty if it depends on none of them. */
  readonly servicePorts: readonly string[];
}

export interface JumpSource {
  readonly chain: string;
  readonly number: number;
}

export interface ExplainedRule {
  /** The place in the chain, from 1. Undefined for a rule that is missing. */
  readonly number: number | undefined;
  readonly argv: Rule;
  /** The rule as a sentence. */
  readonly words: string;
  readonly state: PartState;
  readonly owner: Owner;
  /** kproxy's reason, a whole sentence. */
  readonly why: string | undefined;
  /** The sets that it looks up or changes. */
  readonly sets: readonly RuleSet[];
  /** What the node has counted. Undefined if the counters were not read. */
  readonly packets: number | undefined;
  readonly bytes: number | undefined;
}

export interface RuleSet {
  readonly name: string;
  /** Undefined if the set is missing. */
  readonly entries: number | undefined;
  readonly servicePorts: readonly string[];
}

export interface SetExplanation extends PerhapsKnown {
  readonly kind: 'set';
  readonly name: string;
  /** The family of its addresses. Undefined for a set of ports that is not kproxy's. */
  readonly family: Family | undefined;
  readonly owner: Owner;
  readonly state: PartState;
  readonly differences: readonly string[];
  readonly type: string;
  /** What an entry consists of: `address`, `protocol and port`. */
  readonly dimensions: readonly string[];
  /** The same set of the other family. */
  readonly twin: string | undefined;
  /** The set that it replaces for a while, if it is a temporary one. */
  readonly replaces: string | undefined;
  readonly usedBy: readonly SetUse[];
  /** Missing entries first, then those too many. */
  readonly entries: readonly ExplainedEntry[];
  readonly servicePorts: readonly string[];
}

export interface SetUse {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  /** The place in the chain, from 1. Undefined for a rule that is missing. */
  readonly number: number | undefined;
  readonly argv: Rule;
  /** What the rule looks up: `destination address and port`. */
  readonly looksUp: string;
  readonly words: string;
  readonly why: string | undefined;
}

export interface ExplainedEntry {
  readonly value: string;
  readonly isException: boolean;
  readonly state: PartState;
  readonly servicePorts: readonly string[];
}

export interface RuleExplanation {
  readonly kind: 'rule';
  /** As it was asked for, in iptables' words. */
  readonly argv: Rule;
  readonly words: string;
  /** A clause for each match, and at the end what the rule does. */
  readonly parts: readonly string[];
  /** Where it was asked for: `nat KUBE-SERVICES`. Undefined if that was not said. */
  readonly asked: string | undefined;
  /** Whether the rules of the node were read. */
  readonly isRead: boolean;
  /** The places where the rule is, or should be. Empty if it is nowhere. */
  readonly places: readonly RuleInPlace[];
}

export interface RuleInPlace extends ExplainedRule {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  readonly hooks: readonly Hook[];
}

export interface SysctlExplanation extends Knowledge {
  readonly kind: 'sysctl';
  /** With dots, as sysctl(8) prints it. */
  readonly name: string;
  /** The file below /proc/sys. */
  readonly path: string;
  readonly state: PartState;
  /** The value here. Undefined if it was not read. */
  readonly value: string | undefined;
  /** The value that kproxy sets. Undefined if it sets none. */
  readonly needed: string | undefined;
  /** True if kproxy leaves a larger value as it is. */
  readonly isOnlyRaised: boolean;
  /** Of a device's parameter, the larger of its value and of that for all devices, if that is what counts. */
  readonly effective: string | undefined;
  /** What the value that counts means for a packet: a whole sentence. */
  readonly meaning: string | undefined;
}
