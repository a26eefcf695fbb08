import { ClusterStore, type ObjectChange } from '../../cluster/store.js';
import type { NodeAccess } from '../../node/access.js';
import type { Log } from '../../output/log.js';
import { reportNew } from '../../output/report-once.js';
import type { ProxyOptions } from '../../proxy/options.js';
import type { ReadScope } from '../../sync/coverage.js';
import { createSyncLoop, type LoopTiming, type LoopWork, type SyncLoop } from '../../sync/loop.js';
import { Programmer, type Synced } from '../../sync/programmer.js';
import { changesEverything, type NodeOptions } from '../../sync/touched.js';
import type { CommandOutcome } from '../shared/outcome.js';
import { collectGarbageAfter } from './collect-garbage.js';
import type { FollowCluster } from './follow.js';
import { logSyncs } from './log-syncs.js';
import { createNodeNetworksWait } from './node-networks-wait.js';
import { allObservers, type WatchObserver } from './observers.js';

export interface WatchOptions extends ReadScope {
  readonly proxy: ProxyOptions;
  readonly follow: FollowCluster;
  readonly timing: LoopTiming;
  /** What observes the watch, beside the log. */
  readonly observers: readonly WatchObserver[];
}

/** Keeps the node as the cluster's Services need it until the signal is aborted. The node stays programmed. */
export async function keepNode(
  options: WatchOptions,
  node: NodeAccess,
  log: Log,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const { proxy, timing } = options;
  const observer = allObservers([logSyncs(log, proxy.nodeName), ...options.observers]);
  const store = new ClusterStore();
  const onRemarks = reportNew(log.warning);
  const networks = createNodeNetworksWait(proxy, store, log);
  const isWaiting = () => loop.isWaiting();
  const programmer = new Programmer({ ...options, store, node, onWorked: collectGarbageAfter, onRemarks, isWaiting });
  const work: LoopWork<Synced> = {
    all: changes => programmer.syncAll(changes),
    some: changes => programmer.syncChanges(changes),
    isUnsettled: () => programmer.draining() > 0,
  };
  const loop: SyncLoop = createSyncLoop(work, timing, {
    onSynced: report => {
      observer.onSynced(report, store);
      setImmediate(collectGarbageAfter, report.result.plan.length);
    },
    onFailed: observer.onFailed,
  });
  const onChanges = (changes: readonly ObjectChange[]) => {
    observer.onObjects(store);
    networks.look();
    const relevant = changes.filter(change => isRelevant(change, proxy));
    if (relevant.length === 0) return;
    // Changes that wait for the node's networks say nothing about the health of the loop.
    if (!networks.isWaiting()) observer.onQueued(relevant);
    loop.changed(relevant);
  };
  const feed = await options.follow(store, onChanges, log.warning, signal);
  try {
    // A watch that is stopped before the lists are complete knows nothing of the cluster.
    if (!signal.aborted) {
      onChanges([]);
      log.info(`following the cluster for node ${proxy.nodeName} (Services: ${store.objects('Service').size})`);
      await networks.arrived(signal);
      await loop.run(signal);
    }
  } finally {
    await feed.close();
  }
  log.info('stopped; the node stays programmed');
  return 'done';
}

/** Node objects change with every heartbeat. Only this node's place counts. */
const isRelevant = (change: ObjectChange, options: NodeOptions): boolean =>
  change.kind !== 'Node' || changesEverything([change], options);
