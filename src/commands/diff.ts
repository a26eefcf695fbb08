import type { NodeAccess } from '../node/access.js';
import { differenceOf, differencesText } from '../output/differences.js';
import { diff } from '../plan/diff.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { type ReadOptions, readAndCompare } from './shared/read-and-compare.js';

export interface DiffOptions extends ReadOptions {
  readonly output: 'text' | 'json';
}

/** Shows what sync would change, and changes nothing. Ends with 1 where there is something. */
export async function runDiff(options: DiffOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { proxy, output } = options;
  const { cluster, actual, comparison } = await readAndCompare(options, node, io);
  const differences = diff(actual.state, comparison.desired, comparison.isOwn).map(change =>
    differenceOf(change, comparison.desired.reasons),
  );
  io.stdout(
    output === 'json'
      ? `${JSON.stringify({ node: proxy.nodeName, inSync: differences.length === 0, differences }, null, 2)}\n`
      : differencesText(proxy.nodeName, differences),
  );
  if (cluster.invalid.length > 0) return 'invalid-objects';
  return differences.length === 0 ? 'done' : 'differences';
}
