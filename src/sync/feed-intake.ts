import type { ClusterKind } from '../cluster/kinds.js';
import type { ClusterStore, ObjectChange } from '../cluster/store.js';
import type { FeedEvent } from '../cluster/watch/feed.js';

/** Puts a feed's events into a store. Changes are reported only once every kind has been listed. */
export interface FeedIntake {
  readonly onEvent: (event: FeedEvent) => void;
  /** Resolves once every kind has been listed. */
  readonly listed: Promise<void>;
}

export function createFeedIntake(
  store: ClusterStore,
  kinds: readonly ClusterKind[],
  onChanges: (changes: readonly ObjectChange[]) => void,
): FeedIntake {
  const missing = new Set(kinds);
  let isListed = () => {};
  const listed = new Promise<void>(resolve => {
    isListed = resolve;
  });
  return {
    listed,
    onEvent: event => {
      const changes = storeEvent(store, event);
      if (event.is === 'listed' && missing.delete(event.kind) && missing.size === 0) isListed();
      else if (missing.size === 0) onChanges(changes);
    },
  };
}

/** Stores what an event brings, and returns what that has changed. */
export function storeEvent(store: ClusterStore, event: FeedEvent): readonly ObjectChange[] {
  if (event.is === 'changed') return store.put(event.kind, event.object);
  if (event.is === 'removed') return store.remove(event.kind, event.object);
  if (event.isForbidden === true) store.unread.add(event.kind);
  else store.unread.delete(event.kind);
  return store.list(event.kind, event.objects);
}
