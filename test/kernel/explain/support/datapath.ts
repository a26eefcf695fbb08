import { type DatapathIndex, indexDatapath } from '../../../../src/explain/datapath-index.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { nodeOf } from '../../../../src/snapshot/node-of.js';
import { parseSnapshot } from '../../../../src/snapshot/snapshot.js';
import { kproxy } from '../../support/kproxy.js';

/** Takes a snapshot of a node of the sandbox with the bundled kproxy. Returns its text. */
export async function snapshotText(sandbox: Sandbox, node: string): Promise<string> {
  const { exitCode, stdout, stderr } = await kproxy(sandbox, node, ['snapshot', '--node', node]);
  if (exitCode !== 0) throw new Error(`the snapshot of ${node} failed: ${stderr}`);
  return stdout;
}

/** Returns the datapath of a snapshot's text. */
export function datapathOfText(text: string): DatapathIndex {
  const { datapath } = nodeOf(parseSnapshot(text, 'the snapshot'));
  if (datapath === undefined) throw new Error('the snapshot has no datapath');
  return indexDatapath(datapath);
}

/** Reads what a node of the sandbox does with packets. */
export const readDatapath = async (sandbox: Sandbox, node: string): Promise<DatapathIndex> =>
  datapathOfText(await snapshotText(sandbox, node));
