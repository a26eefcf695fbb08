import type { ActualNode } from '../node/read.js';
import { nodeState } from '../node/state.js';
import type { Snapshot } from './snapshot.js';

/** The node as it was when the snapshot was taken. Apart from what reads a snapshot's text, whose schema takes long to make and is seldom needed. */
export const nodeOf = (snapshot: Snapshot): ActualNode => ({
  state: nodeState(snapshot.elements),
  facts: { localAddresses: snapshot.localAddresses, kernelRelease: snapshot.kernelRelease ?? undefined },
  iptables: snapshot.iptablesBackend,
});
