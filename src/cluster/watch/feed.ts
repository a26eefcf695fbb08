import type { ClusterKind } from '../kinds.js';
import type { ApiServer } from './api-server.js';
import type { FeedEvent } from './events.js';
import { followKind } from './follow-kind.js';
import { createPauses } from './pauses.js';
import { defaultTiming, type FeedTiming } from './timing.js';
import { createTroubles } from './troubles.js';

export type { ApiServer } from './api-server.js';
export type { FeedEvent } from './events.js';

export interface Feed {
  /** Ends it. When this resolves, no event and no line comes any more. */
  close(): Promise<void>;
}

export interface FeedOptions {
  readonly kinds: readonly ClusterKind[];
  /** All namespaces where not given. Nodes are followed whole in both cases. */
  readonly namespace?: string | undefined;
  /** Kinds that may be forbidden: listed as empty then, and asked for again rarely. */
  readonly optional?: readonly ClusterKind[];
  /** The events of one kind come in order. What this throws is a bug and ends the program. */
  readonly onEvent: (event: FeedEvent) => void;
  /** A line about trouble, told once until it changes, and one about its end. */
  readonly onTrouble: (line: string) => void;
  readonly timing?: Partial<FeedTiming>;
}

/**
 * Follows the kinds on the API server: each is listed, and watched from there. Only lists that came whole are handed out.
 * Connections that break, end, or fall silent are opened again, after failures with growing pauses. `api` stays the
 * caller's: it is closed after the feed.
 */
export function followCluster(api: ApiServer, options: FeedOptions): Feed {
  const closing = new AbortController();
  const { kinds, namespace, optional = [], onEvent } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const shared = {
    api,
    namespace,
    onEvent,
    timing,
    closing: closing.signal,
    troubles: createTroubles(options.onTrouble),
    pauses: createPauses(timing, closing.signal),
  };
  const loops = kinds.map(kind => followKind({ ...shared, kind, isOptional: optional.includes(kind) }));
  return {
    async close() {
      closing.abort();
      await Promise.allSettled(loops);
    },
  };
}
