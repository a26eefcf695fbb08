import { invalidObjectLine } from '../../cluster/problems.js';
import { ClusterStore, type ObjectChange } from '../../cluster/store.js';
import type { KproxyError } from '../../errors.js';
import type { NodeAccess } from '../../node/access.js';
import type { Log } from '../../output/log.js';
import { reportNew } from '../../output/report-once.js';
import { logFailure, logSync } from '../../output/sync-log.js';
import type { ProxyOptions } from '../../proxy/options.js';
import type { ReadScope } from '../../sync/coverage.js';
import { createSyncLoop, type LoopReport, type LoopTiming, type LoopWork } from '../../sync/loop.js';
import { Programmer, type Synced } from '../../sync/programmer.js';
import { changesEverything, type NodeOptions } from '../../sync/touched.js';
import type { CommandOutcome } from '../shared/outcome.js';
import { conflictLine } from '../shared/report-cluster.js';
import { collectGarbageAfter } from './collect-garbage.js';
import type { FollowCluster } from './follow.js';
import { createNodeNetworksWait } from './node-networks-wait.js';
import { reportOwnNode } from './own-node.js';

/** Observes the loop, beside the log. */
export interface WatchObserver {
  /** Objects were added, changed or removed. */
  readonly onObjects: (store: ClusterStore) => void;
  /** Changes that the node depends on wait for a sync. */
  readonly onQueued: (changes: readonly ObjectChange[]) => void;
  readonly onSynced: (report: LoopReport<Synced>, store: ClusterStore) => void;
  readonly onFailed: (error: KproxyError, nextMilliseconds: number) => void;
}

export interface WatchOptions extends ReadScope {
  readonly proxy: ProxyOptions;
  readonly follow: FollowCluster;
  readonly timing: LoopTiming;
  readonly observer: WatchObserver;
}

/** Keeps the node as the cluster's Services need it until the signal is aborted. The node stays programmed. */
export async function keepNode(
  options: WatchOptions,
  node: NodeAccess,
  log: Log,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const { observer, proxy, timing } = options;
  const store = new ClusterStore();
  const reportObjects = reportNew(log.warning);
  const reportServices = reportNew(log.warning);
  const onRemarks = reportNew(log.warning);
  const networks = createNodeNetworksWait(proxy, store, log);
  const reportNode = reportOwnNode(proxy.nodeName, store, log);
  const programmer = new Programmer({ ...options, store, node, onWorked: collectGarbageAfter, onRemarks });
  const work: LoopWork<Synced> = {
    all: changes => programmer.syncAll(changes),
    some: changes => programmer.syncChanges(changes),
    isUnsettled: () => programmer.draining() > 0,
  };
  const loop = createSyncLoop(work, timing, {
    onSynced: report => {
      logSync(log, report);
      const { conflicts, problems } = report.result.desired;
      reportServices([...conflicts.map(conflictLine), ...problems]);
      observer.onSynced(report, store);
      setImmediate(collectGarbageAfter, report.result.plan.length);
    },
    onFailed: (error, next) => {
      logFailure(log, error, next);
      observer.onFailed(error, next);
    },
  });
  const onChanges = (changes: readonly ObjectChange[]) => {
    reportObjects([...store.invalid().map(invalidObjectLine), ...store.notes()]);
    reportNode();
    observer.onObjects(store);
    networks.look();
    const relevant = changes.filter(change => isRelevant(change, proxy));
    if (relevant.length === 0) return;
    // Changes that wait for the node's networks say nothing about the health of the loop.
    if (!networks.isWaiting()) observer.onQueued(relevant);
    loop.changed(relevant);
  };
  const feed = await options.follow(store, onChanges, log.warning, signal);
  const keep = async (): Promise<void> => {
    onChanges([]);
    log.info(`following the cluster for node ${proxy.nodeName} (Services: ${store.objects('Service').size})`);
    await networks.arrived(signal);
    await loop.run(signal);
  };
  try {
    // If it was stopped while the cluster could not be read, the store says nothing about the cluster.
    if (!signal.aborted) await keep();
  } finally {
    await feed.close();
  }
  log.info('stopped; the node stays programmed');
  return 'done';
}

/** Node objects change with every heartbeat. Only this node's place counts. */
const isRelevant = (change: ObjectChange, options: NodeOptions): boolean =>
  change.kind !== 'Node' || changesEverything([change], options);
