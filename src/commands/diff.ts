import type { NodeAccess } from '../node/access.js';
import { differenceOf, differencesText } from '../output/differences.js';
import { paintWith } from '../output/paint.js';
import { diff } from '../plan/diff.js';
import { reportUnknownNode } from './shared/find-unknown-node.js';
import type { Io } from './shared/io.js';
import { type CommandOutcome, outcomeFor } from './shared/outcome.js';
import { type ReadOptions, readAndReconcile } from './shared/read-and-reconcile.js';

export interface DiffOptions extends ReadOptions {
  readonly output: 'text' | 'json';
  readonly isColored: boolean;
}

/** Shows what sync would change, and changes nothing. */
export async function runDiff(options: DiffOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { proxy, output, isColored } = options;
  const { cluster, actual, reconciliation } = await readAndReconcile(options, node, io);
  await reportUnknownNode(proxy.nodeName, cluster, options.source, io);
  const { desired, isOwn } = reconciliation;
  const differences = diff(actual, desired.state, isOwn).map(change => differenceOf(change, desired.reasons));
  io.stdout(
    output === 'json'
      ? `${JSON.stringify({ node: proxy.nodeName, inSync: differences.length === 0, differences }, null, 2)}\n`
      : differencesText(proxy.nodeName, differences, paintWith(isColored)),
  );
  return outcomeFor(cluster, desired, differences.length === 0 ? 'done' : 'differences');
}
