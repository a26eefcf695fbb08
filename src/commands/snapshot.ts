import type { NodeAccess } from '../node/access.js';
import { takeSnapshot } from '../snapshot/snapshot.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { reportRemarks } from './shared/report-node.js';

/** Prints the node's whole state as one JSON document. */
export async function runSnapshot(nodeName: string, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const snapshot = await takeSnapshot(node, nodeName, new Date());
  reportRemarks(snapshot.remarks, io);
  io.stdout(`${JSON.stringify(snapshot, null, 2)}\n`);
  return 'done';
}
