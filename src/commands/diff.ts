import type { NodeAccess } from '../node/access.js';
import { differenceOf, differencesText } from '../output/differences.js';
import { paintWith } from '../output/paint.js';
import { reportUnknownNode } from './shared/find-unknown-node.js';
import type { Io } from './shared/io.js';
import { type CommandOutcome, outcomeFor } from './shared/outcome.js';
import { type ReadOptions, readAndReconcile } from './shared/read-and-reconcile.js';
import { differencesWithFlows } from './shared/stale-flows.js';

export interface DiffOptions extends ReadOptions {
  readonly output: 'text' | 'json';
  readonly isColored: boolean;
}

/** Shows what sync would change, and changes nothing. */
export async function runDiff(options: DiffOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { proxy, output, isColored } = options;
  const read = await readAndReconcile(options, node, io);
  const { cluster } = read;
  await reportUnknownNode(proxy.nodeName, cluster, options.source, io);
  const { desired } = read.reconciliation;
  const changes = await differencesWithFlows(options, read, node);
  const differences = changes.map(change => differenceOf(change, desired.reasons));
  io.stdout(
    output === 'json'
      ? `${JSON.stringify({ node: proxy.nodeName, inSync: differences.length === 0, differences }, null, 2)}\n`
      : differencesText(proxy.nodeName, differences, paintWith(isColored)),
  );
  return outcomeFor(cluster, desired, differences.length === 0 ? 'done' : 'differences');
}
