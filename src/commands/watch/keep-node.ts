import { invalidObjectLine } from '../../cluster/problems.js';
import { ClusterStore, type ObjectChange } from '../../cluster/store.js';
import type { NodeAccess } from '../../node/access.js';
import type { Log } from '../../output/log.js';
import { logFailure, logSync } from '../../output/sync-log.js';
import type { ProxyOptions } from '../../proxy/options.js';
import type { ReadScope } from '../../sync/coverage.js';
import { type LoopReport, type LoopTiming, type LoopWork, syncLoop } from '../../sync/loop.js';
import { programmer, type Synced } from '../../sync/programmer.js';
import { changesEverything } from '../../sync/touched.js';
import type { CommandOutcome } from '../shared/outcome.js';
import { conflictLine } from '../shared/report-cluster.js';
import type { FollowCluster } from './follow.js';
import { giveBackMemory } from './give-back-memory.js';
import { teller } from './teller.js';

/** Who wants to know what the loop does, beside the log. */
export interface WatchObserver {
  /** Objects have come, changed or gone. */
  readonly onObjects: (store: ClusterStore) => void;
  /** Changes that the node depends on wait to be made. */
  readonly onQueued: (changes: readonly ObjectChange[]) => void;
  readonly onSynced: (report: LoopReport<Synced>, store: ClusterStore) => void;
  readonly onFailed: () => void;
}

export interface WatchOptions extends ReadScope {
  readonly proxy: ProxyOptions;
  readonly follow: FollowCluster;
  readonly timing: LoopTiming;
  readonly observer: WatchObserver;
}

/** What adding up so many Services, or planning and making so many changes, leaves is worth the time that collecting it takes. */
const many = 1_000;

/** Keeps the node as the cluster's Services ask until the signal says stop. The node stays programmed. */
export async function keepNode(
  options: WatchOptions,
  node: NodeAccess,
  log: Log,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const { observer, proxy, timing } = options;
  const store = new ClusterStore();
  const told = teller(log);
  const giveBack = (size: number) => {
    if (size > many) giveBackMemory();
  };
  const kept = programmer({ ...options, store, node, onWorked: giveBack });
  const work: LoopWork<Synced> = {
    all: changes => kept.syncAll(changes),
    some: changes => kept.syncChanges(changes),
    isUnsettled: () => kept.draining() > 0,
  };
  const loop = syncLoop(work, timing, {
    onSynced: report => {
      logSync(log, report);
      for (const conflict of report.result.desired.conflicts) told(conflictLine(conflict));
      for (const problem of report.result.desired.problems) told(problem);
      observer.onSynced(report, store);
      setImmediate(giveBack, report.result.plan.length);
    },
    onFailed: (error, next) => {
      logFailure(log, error, next);
      observer.onFailed();
    },
  });
  const onChanges = (changes: readonly ObjectChange[]) => {
    for (const invalid of store.invalid()) told(invalidObjectLine(invalid));
    observer.onObjects(store);
    const relevant = changes.filter(change => isRelevant(change, proxy.nodeName));
    if (relevant.length === 0) return;
    observer.onQueued(relevant);
    loop.changed(relevant);
  };
  const feed = await options.follow(store, onChanges, log.warning, signal);
  onChanges([]);
  log.info(`following the cluster for node ${proxy.nodeName} (Services: ${store.objects('Service').size})`);
  try {
    await loop.run(signal);
  } finally {
    await feed.close();
  }
  log.info('stopped; the node stays programmed');
  return 'done';
}

/** Nodes tell of their health all the time; only this one's place counts. */
const isRelevant = (change: ObjectChange, nodeName: string): boolean =>
  change.kind !== 'Node' || changesEverything([change], nodeName);
