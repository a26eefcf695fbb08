import { type ClusterKind, clusterKinds } from '../kinds.js';
import { createListBudget } from '../list-budget.js';
import type { Selections } from '../selection.js';
import type { ApiServer } from './api-server.js';
import { createBackoffTimers } from './backoff-timers.js';
import type { FeedEvent } from './events.js';
import { oversizedList } from './failure.js';
import { runReflector } from './reflector.js';
import { defaultTiming, type FeedTiming } from './timing.js';
import { createTroubleReporter } from './trouble-reporter.js';

export type { ApiServer } from './api-server.js';
export type { FeedEvent } from './events.js';

export interface Feed {
  /** Stops the feed. After it resolves, no callback is called any more. */
  close(): Promise<void>;
}

export interface ClusterFeed extends Feed {
  /**
   * Starts or stops following one kind, beside the others. A kind that is followed again starts with its list. A
   * stopped kind emits no event any more.
   */
  setFollowed(kind: ClusterKind, isFollowed: boolean): void;
}

export interface FeedOptions {
  readonly kinds: readonly ClusterKind[];
  /** Which objects of the kinds. Undefined means all. */
  readonly selections?: Selections | undefined;
  /** All namespaces if undefined. Nodes have no namespace. */
  readonly namespace?: string | undefined;
  /** Kinds that may be forbidden: then they are listed as empty, and tried again rarely. */
  readonly optional?: readonly ClusterKind[];
  /** Gets the events of each kind in order. An error that it throws is a bug and ends the program. */
  readonly onEvent: (event: FeedEvent) => void;
  /** Gets a line about a failure once until it changes, and one when it is over. */
  readonly onTrouble: (line: string) => void;
  readonly timing?: Partial<FeedTiming>;
}

/**
 * Follows the kinds on the API server, as client-go's reflectors do: lists each kind and watches it from there. Emits
 * only complete lists. Reopens connections that break, end or fall silent, with backoff after failures. The caller
 * closes `api` after the feed.
 */
export function followCluster(api: ApiServer, options: FeedOptions): ClusterFeed {
  const closing = new AbortController();
  const { kinds, selections = {}, namespace, optional = [], onEvent } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const shared = {
    api,
    server: { hasStreamingLists: true },
    lists: createListBudget((kind, detail) => oversizedList(clusterKinds[kind].resource, detail)),
    onEvent,
    timing,
    troubles: createTroubleReporter(options.onTrouble),
    timers: createBackoffTimers(timing, closing.signal),
  };
  const reflectors: Promise<void>[] = [];
  const stops = new Map<ClusterKind, AbortController>();

  const follow = (kind: ClusterKind): void => {
    const stop = new AbortController();
    stops.set(kind, stop);
    const subject = { kind, namespace, selection: selections[kind] ?? {} };
    reflectors.push(runReflector({ ...shared, closing: stop.signal, subject, isOptional: optional.includes(kind) }));
  };
  for (const kind of kinds) follow(kind);
  return {
    setFollowed(kind, isFollowed) {
      if (isFollowed === stops.has(kind)) return;
      if (isFollowed) return follow(kind);
      stops.get(kind)?.abort();
      stops.delete(kind);
      shared.troubles.forget(kind);
    },
    async close() {
      closing.abort();
      for (const stop of stops.values()) stop.abort();
      await Promise.allSettled(reflectors);
    },
  };
}
