import type { CountedRule, RuleChain } from '../../../node/datapath/datapath.js';
import type { DatapathIndex } from '../../datapath/datapath-index.js';
import type { Packet } from '../../trace/packet.js';
import type { Because, Blame, Hook, RulePlace, RuleStep, RuleWhy, TableStep, Trace, Way } from '../../trace/trace.js';

/** Where a packet enters a table. */
export interface TablePlace {
  /** The name of the built-in chain. */
  readonly hook: Hook;
  readonly table: string;
  readonly way: Way;
  /** The address that the packet goes to on its link: the gateway, or the destination. Undefined before routing. */
  readonly nextHop?: string | undefined;
}

/** Returns why kproxy has a rule. `because` is what made it match, or not: the entry of a set. */
export type WhyOf = (place: RulePlace, argv: readonly string[], because: Because | undefined) => RuleWhy | undefined;

/** How a packet leaves a table. */
export interface TableOutcome {
  readonly packet: Packet;
  readonly result: 'accept' | 'policy' | 'drop' | 'reject' | 'translate';
  /** What ended the packet's way. Set for `drop` and `reject`. */
  readonly blame?: Blame;
  /** What the client gets, in the word of iptables. Set for `reject`. */
  readonly how?: string;
  /** What was asked since the last fork. */
  readonly step: TableStep;
  /** True if conntrack does not see the packet. */
  readonly untracked?: true;
}

/** Everything that stays the same during a walk through a table. */
export interface TableWalk {
  readonly node: DatapathIndex;
  readonly place: TablePlace;
  readonly whyOf: WhyOf;
  readonly go: (outcome: TableOutcome) => Trace;
  /** What decides at the end of the built-in chain. */
  readonly policy: string;
}

/** The next rule to ask, and where the walk goes on at the end of its chain. */
export interface Position {
  readonly chain: RuleChain;
  /** From 0. */
  readonly index: number;
  /** How many jumps and gotos deep. */
  readonly depth: number;
  /** Undefined for the built-in chain, and for a chain that it goes to without a return. */
  readonly parent: Position | undefined;
}

/** One packet on its way through the table. A fork copies it. */
export interface WalkState {
  readonly packet: Packet;
  readonly position: Position;
  /** The packet at the begin of the table, or after the last fork. */
  readonly before: Packet;
  /** The rules asked since then. Only its walk appends to it. */
  readonly steps: RuleStep[];
  /** How many uncertain rules there were. */
  readonly forks: number;
  readonly untracked: boolean;
}

/** A rule that is asked. */
export interface AskedRule {
  readonly place: RulePlace;
  readonly rule: CountedRule;
  readonly depth: number;
}
