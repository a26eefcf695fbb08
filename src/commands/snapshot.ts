import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { parseSnapshot, takeSnapshot } from '../snapshot/snapshot.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { reportRemarks } from './shared/report-node.js';

/** Prints the node's whole state as one JSON document. */
export async function runSnapshot(nodeName: string, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const snapshot = await takeSnapshot(node, nodeName, new Date());
  reportRemarks(snapshot.remarks, io);
  const text = `${JSON.stringify(snapshot, null, 2)}\n`;
  reportRemarks(refusal(text), io);
  io.stdout(text);
  return 'done';
}

/**
 * Returns a line if kproxy would refuse the snapshot. A snapshot becomes commands, so what other software has put into
 * kproxy's chains and sets is refused if it is none of what kproxy or kube-proxy could have put there.
 */
function refusal(text: string): readonly string[] {
  try {
    parseSnapshot(text, 'the snapshot');
    return [];
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    const [problem = ''] = (error.evidence ?? '').split('\n');
    return [`--snapshot will refuse this snapshot: ${problem}. Remove it from the node, or let kproxy sync do that.`];
  }
}
