import { firstLines } from '../cluster/problems.js';
import { type ActualState, actualState } from '../node/actual-state.js';
import type { Datapath } from '../node/datapath/datapath.js';
import type { NodeFacts } from '../node/facts.js';
import type { Finding } from '../node/finding.js';
import type { IptablesBackend } from '../node/iptables-backend.js';
import { shortened } from '../visible.js';
import { datapathOf } from './saved-datapath.js';
import { findingsOf } from './saved-elements.js';
import type { Snapshot } from './snapshot.js';

/** A node that was read, now or for a snapshot. */
export interface NodeAsRead {
  readonly actual: ActualState;
  readonly facts: NodeFacts;
  readonly iptables: IptablesBackend;
  /** What the user should know of the node: lines without a full stop. */
  readonly remarks: readonly string[];
}

/** A node as a snapshot has it. */
export interface NodeOfSnapshot extends NodeAsRead {
  /** Undefined for a snapshot of an earlier kproxy. */
  readonly datapath: Datapath | undefined;
}

/** In characters. What kproxy itself says of a node is shorter; a snapshot of somebody else may say anything. */
const longestRemark = 500;

/**
 * Returns the node as it was when a snapshot was taken. Separate from the parsing of snapshots, whose schema takes long
 * to build and is rarely needed.
 */
export const nodeOf = (snapshot: Snapshot): NodeOfSnapshot => ({
  actual: actualState(findingsIn(snapshot)),
  facts: {
    localAddresses: snapshot.localAddresses,
    kernelRelease: snapshot.kernelRelease ?? undefined,
    unserved: snapshot.unserved.map(one => ({ ...one, reason: shortened(one.reason, longestRemark) })),
    untried: [],
    limits: snapshot.limits,
    ...(snapshot.relied && { relied: snapshot.relied }),
  },
  iptables: snapshot.iptablesBackend,
  remarks: firstLines(
    snapshot.remarks.map(line => shortened(line, longestRemark)),
    'remarks of the snapshot',
  ),
  datapath: snapshot.datapath && datapathOf(snapshot.datapath, snapshot.elements),
});

function* findingsIn({ elements, ipvsTimeouts }: Snapshot): Generator<Finding> {
  yield* findingsOf(elements);
  if (ipvsTimeouts !== undefined) yield { kind: 'ipvs-timeouts', ...ipvsTimeouts };
}
