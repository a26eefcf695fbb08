import type { Element } from './element.js';

/** What reading a node yields: elements, and facts about them that only an actual node has. */
export type Finding = Element | ConnectionCount | ForeignRules | ForeignUse;

/** How many connections go through a real server now. */
export interface ConnectionCount {
  readonly kind: 'connections';
  /** The real server's key. */
  readonly realServer: string;
  readonly active: number;
  readonly inactive: number;
}

/** Rules of other software that end a packet's way before it reaches kproxy's last jump of a built-in chain. */
export interface ForeignRules {
  readonly kind: 'foreign-rules';
  /** The key of the jumps. */
  readonly jumps: string;
  readonly rules: readonly string[];
}

/** A use of one of kproxy's chains or sets by other software. The kernel does not let what is in use be removed. */
export interface ForeignUse {
  readonly kind: 'foreign-use';
  /** The key of the chain or set. */
  readonly of: string;
  /** The rule or set that uses it: `iptables -t nat -A CNI-DN -j KUBE-MARK-MASQ`. */
  readonly user: string;
}

/** Yields the findings of several readers, one after another. */
export function* inTurn(...parts: readonly Iterable<Finding>[]): Generator<Finding> {
  for (const part of parts) yield* part;
}
