import type { NodeAccess } from '../../node/access.js';
import { type ActualNode, readNode } from '../../node/read.js';
import { nodeOf, type Snapshot } from '../../snapshot/snapshot.js';

/** The node as it is, or as it was when a snapshot was taken. */
export const readActual = async (snapshot: Snapshot | undefined, node: NodeAccess): Promise<ActualNode> =>
  snapshot === undefined ? readNode(node) : nodeOf(snapshot);
