import { type DatapathIndex, indexDatapath } from '../../../../src/explain/datapath/datapath-index.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { nodeOf } from '../../../../src/snapshot/node-of.js';
import { parseSnapshot } from '../../../../src/snapshot/snapshot.js';
import { snapshotText } from '../../support/snapshot-text.js';

/** Returns the datapath of a snapshot's text. */
export function datapathOfText(text: string): DatapathIndex {
  const { datapath } = nodeOf(parseSnapshot(text, 'the snapshot'));
  if (datapath === undefined) throw new Error('the snapshot has no datapath');
  return indexDatapath(datapath);
}

/** Reads what a node of the sandbox does with packets. */
export const readDatapath = async (sandbox: Sandbox, node: string): Promise<DatapathIndex> =>
  datapathOfText(await snapshotText(sandbox, node));
