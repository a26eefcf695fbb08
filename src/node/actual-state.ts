import { atOnce, eachInParts, type InParts } from '../breath.js';
import type { Element } from './element.js';
import type { ConnectionCount, Finding } from './finding.js';
import { keyOf } from './kinds/index.js';
import type { NodeState } from './state.js';

/** A node's elements, or a part of them, with what only an actual node has. */
export interface ActualState {
  readonly state: NodeState;
  /** The real servers with connections, by their keys. */
  readonly connections: ReadonlyMap<string, Connections>;
  /** Rules of other software before kproxy's jumps, by the jumps' keys. */
  readonly foreignRules: ReadonlyMap<string, readonly string[]>;
  /** What of other software uses kproxy's chains and sets, by the keys of these. */
  readonly foreignUses: ReadonlyMap<string, readonly string[]>;
}

export type Connections = Pick<ConnectionCount, 'active' | 'inactive'>;

export const noConnections: Connections = { active: 0, inactive: 0 };

/** The state of a node with nothing of kproxy's on it. */
export const emptyNode: ActualState = {
  state: new Map(),
  connections: new Map(),
  foreignRules: new Map(),
  foreignUses: new Map(),
};

/** Collects what was read of a node. If two elements share a key, the last wins. */
export function actualState(findings: Iterable<Finding>): ActualState {
  const state = new Map<string, Element>();
  return { state, ...atOnce(sortFindings(findings, element => state.set(keyOf(element), element))) };
}

/** Passes the elements on, and returns what an actual node has beside them. */
export function* sortFindings(
  findings: Iterable<Finding>,
  onElement: (element: Element) => void,
): InParts<Omit<ActualState, 'state'>> {
  const connections = new Map<string, Connections>();
  const foreignRules = new Map<string, readonly string[]>();
  const foreignUses = new Map<string, readonly string[]>();
  yield* eachInParts(findings, finding => {
    if (finding.kind === 'connections') connections.set(finding.realServer, finding);
    else if (finding.kind === 'foreign-rules') foreignRules.set(finding.jumps, finding.rules);
    else if (finding.kind === 'foreign-use')
      foreignUses.set(finding.of, [...(foreignUses.get(finding.of) ?? []), finding.user]);
    else onElement(finding);
  });
  return { connections, foreignRules, foreignUses };
}
