import type { WatchObserver } from './keep-node.js';

/** Returns one observer that calls all of these in their order. */
export const allObservers = (observers: readonly WatchObserver[]): WatchObserver => ({
  onObjects(store) {
    for (const { onObjects } of observers) onObjects(store);
  },
  onQueued(changes) {
    for (const { onQueued } of observers) onQueued(changes);
  },
  onSynced(report, store) {
    for (const { onSynced } of observers) onSynced(report, store);
  },
  onFailed(error, next) {
    for (const { onFailed } of observers) onFailed(error, next);
  },
});
