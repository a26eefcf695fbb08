import { ExitCode } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { differenceOf, differencesText } from '../output/differences.js';
import { diff } from '../plan/diff.js';
import type { ProxyOptions } from '../proxy/options.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { compare, type ReadScope } from '../sync/compare.js';
import { readActual } from './shared/actual-node.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { type ClusterSource, readClusterForNode } from './shared/read-cluster.js';
import { reportCluster, reportInvalid } from './shared/report-cluster.js';

export interface DiffOptions extends ReadScope {
  readonly source: ClusterSource;
  readonly proxy: ProxyOptions;
  readonly snapshot: Snapshot | undefined;
  readonly output: 'text' | 'json';
}

/** Shows what sync would change, and changes nothing. Ends with 1 where there is something. */
export async function runDiff(options: DiffOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { source, proxy, snapshot, output } = options;
  const [cluster, actual] = await Promise.all([readClusterForNode(source, io), readActual(snapshot, node)]);
  reportInvalid(cluster, io);
  const comparison = compare(cluster, actual, proxy, options);
  reportCluster(cluster, comparison, io);
  const differences = diff(actual.state, comparison.desired, comparison.isOwn).map(change =>
    differenceOf(change, comparison.desired.reasons),
  );
  io.stdout(
    output === 'json'
      ? `${JSON.stringify({ node: proxy.nodeName, inSync: differences.length === 0, differences }, null, 2)}\n`
      : differencesText(proxy.nodeName, differences),
  );
  if (cluster.invalid.length > 0) return { exitCode: ExitCode.clusterUnreadable };
  return { exitCode: differences.length === 0 ? ExitCode.done : ExitCode.differences };
}
