import type { ClusterKind } from '../kinds.js';
import type { Selections } from '../selection.js';
import type { ApiServer } from './api-server.js';
import { createBackoffTimers } from './backoff-timers.js';
import type { FeedEvent } from './events.js';
import { runReflector } from './reflector.js';
import { defaultTiming, type FeedTiming } from './timing.js';
import { createTroubleReporter } from './trouble-reporter.js';

export type { ApiServer } from './api-server.js';
export type { FeedEvent } from './events.js';

export interface Feed {
  /** Stops the feed. After it resolves, no callback is called any more. */
  close(): Promise<void>;
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
export function followCluster(api: ApiServer, options: FeedOptions): Feed {
  const closing = new AbortController();
  const { kinds, selections = {}, namespace, optional = [], onEvent } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const shared = {
    api,
    server: { hasStreamingLists: true },
    onEvent,
    timing,
    closing: closing.signal,
    troubles: createTroubleReporter(options.onTrouble),
    timers: createBackoffTimers(timing, closing.signal),
  };
  const reflectors = kinds.map(kind => {
    const subject = { kind, namespace, selection: selections[kind] ?? {} };
    return runReflector({ ...shared, subject, isOptional: optional.includes(kind) });
  });
  return {
    async close() {
      closing.abort();
      await Promise.allSettled(reflectors);
    },
  };
}
