import type { NodeAccess } from '../node/access.js';
import { differenceOf } from '../output/differences.js';
import { paintWith } from '../output/paint.js';
import { reportNew } from '../output/report-once.js';
import { type NodeStatus, statusText } from '../output/status-text.js';
import { statusOf } from '../status/status.js';
import { endpointsSourceOf } from '../sync/endpoints-source/endpoints-source.js';
import { reportUnknownNode } from './shared/find-unknown-node.js';
import type { Io } from './shared/io.js';
import { type CommandOutcome, outcomeFor } from './shared/outcome.js';
import { type ReadOptions, readAndReconcile } from './shared/read-and-reconcile.js';
import { differencesWithFlows } from './shared/stale-flows.js';

export interface StatusOptions extends ReadOptions {
  readonly output: 'text' | 'wide' | 'json';
  readonly isColored: boolean;
}

/** Shows the node's virtual servers by Service port. */
export async function runStatus(options: StatusOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { text, outcome } = await readStatus(options, node, io);
  io.stdout(text);
  return outcome;
}

export interface WatchTiming {
  /** Waits until the next look is due, or the command ends. */
  readonly pause: () => Promise<'again' | 'stop'>;
}

/**
 * Shows the status again and again, whenever it has changed, until `pause` stops it. Messages that stay the same are
 * reported once.
 */
export async function watchStatus(
  options: StatusOptions,
  node: NodeAccess,
  io: Io,
  { pause }: WatchTiming,
): Promise<CommandOutcome> {
  let shown = '';
  const report = reportNew(io.stderr);
  for (;;) {
    const said: string[] = [];
    const reading = readStatus(options, node, { ...io, stderr: line => void said.push(line) });
    const { text, outcome } = await reading.finally(() => report(said));
    if (text !== shown) io.stdout(shown === '' ? text : `\n${text}`);
    shown = text;
    if ((await pause()) === 'stop') return outcome;
  }
}

async function readStatus(options: StatusOptions, node: NodeAccess, io: Io) {
  const { proxy, output, isColored } = options;
  const read = await readAndReconcile(options, node, io);
  const { cluster, actual } = read;
  await reportUnknownNode(proxy.nodeName, cluster, options.source, io);
  const { desired, isOwn } = read.reconciliation;
  const changes = await differencesWithFlows(options, read, node);
  const differences = changes.map(change => differenceOf(change, desired.reasons));
  const status: NodeStatus = {
    node: proxy.nodeName,
    // The user has chosen the objects of files.
    ...(options.source.from.length > 0 ? {} : { endpointsSource: endpointsSourceOf(cluster) }),
    ...(cluster.unread?.includes('Endpoints') ? { endpointsForbidden: true } : {}),
    inSync: changes.length === 0,
    servicePorts: statusOf(actual, desired, changes, isOwn),
    nodeDifferences: differences.filter(({ servicePorts }) => servicePorts.length === 0),
  };
  const text =
    output === 'json'
      ? `${JSON.stringify(status, null, 2)}\n`
      : statusText(status, output === 'wide', paintWith(isColored));
  return { text, outcome: outcomeFor(cluster, desired, status.inSync ? 'done' : 'differences') };
}
