import type { ClusterStore, ObjectChange } from '../../cluster/store.js';
import type { KproxyError } from '../../errors.js';
import type { LoopReport } from '../../sync/loop.js';
import type { Synced } from '../../sync/programmer.js';

/** Observes some of what happens in a watch. */
export interface WatchObserver {
  /** Objects were added, changed or removed. */
  onObjects?(store: ClusterStore): void;
  /** Changes that the node depends on wait for a sync. */
  onQueued?(changes: readonly ObjectChange[]): void;
  onSynced?(report: LoopReport<Synced>, store: ClusterStore): void;
  onFailed?(error: KproxyError, nextMilliseconds: number): void;
}

/** Returns one observer that calls all of these in their order. */
export const allObservers = (observers: readonly WatchObserver[]): Required<WatchObserver> => ({
  onObjects(store) {
    for (const observer of observers) observer.onObjects?.(store);
  },
  onQueued(changes) {
    for (const observer of observers) observer.onQueued?.(changes);
  },
  onSynced(report, store) {
    for (const observer of observers) observer.onSynced?.(report, store);
  },
  onFailed(error, next) {
    for (const observer of observers) observer.onFailed?.(error, next);
  },
});
