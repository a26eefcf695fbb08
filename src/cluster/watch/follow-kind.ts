import type { ClusterKind } from '../kinds.js';
import type { FeedEvent } from './events.js';
import { FollowFailure, failurePolicies } from './failure.js';
import { readList } from './list.js';
import type { Pauses } from './pauses.js';
import type { Connection } from './request.js';
import { createBackoff } from './timing.js';
import type { Troubles } from './troubles.js';
import { type WatchEvent, watchStream } from './watch.js';

export interface Following extends Connection {
  readonly kind: ClusterKind;
  readonly namespace: string | undefined;
  /** Where it is forbidden, it is listed as empty. */
  readonly isOptional: boolean;
  readonly onEvent: (event: FeedEvent) => void;
  readonly troubles: Troubles;
  readonly pauses: Pauses;
}

/**
 * Lists a kind and watches it from there, until the feed closes. Whatever goes wrong is told and tried again. Rejects only
 * with what `onEvent` throws.
 */
export async function followKind(following: Following): Promise<void> {
  const { kind, namespace, timing, closing, troubles, pauses } = following;
  const backoff = createBackoff(timing);
  let version: string | undefined;
  let wasListed = false;

  const emit = (event: FeedEvent): void => {
    if (!closing.aborted) following.onEvent(event);
  };
  const listed = (objects: Extract<FeedEvent, { is: 'listed' }>['objects']): void => {
    wasListed = true;
    emit({ is: 'listed', kind, objects });
  };
  const moved = (event: WatchEvent): void => {
    if (event.is !== 'bookmark') emit({ is: event.is, kind, object: event.object });
    version = event.version;
  };
  const succeeded = (): void => {
    backoff.reset();
    if (!closing.aborted && troubles.over(kind)) pauses.serverIsBack();
  };

  const step = async (): Promise<void> => {
    if (version !== undefined) {
      return watchStream(following, { kind, namespace, version, onEvent: moved, onSuccess: succeeded });
    }
    const list = await readList(following, kind, namespace);
    listed(list.objects);
    version = list.version;
  };

  const pauseAfter = (failure: FollowFailure): number => {
    const policy = failurePolicies[failure.kind];
    const isFirst = backoff.failures() === 0;
    const keepsPlace = failure.kind === 'busy' || (isFirst && policy.keepsPlace);
    if (!keepsPlace) version = undefined;
    if (failure.kind === 'forbidden' && following.isOptional) {
      if (!wasListed) listed([]);
      troubles.tell(kind, { what: failure.what, line: `${failure.what}; going on without them` });
      return timing.forbiddenPause;
    }
    if (!isFirst || !policy.quietAtFirst) troubles.tell(kind, { what: failure.what, line: failure.message });
    return backoff.pause(failure.retryAfterSeconds);
  };

  while (!closing.aborted) {
    const failure = await step().then(() => undefined, failureOrThrow);
    if (failure === undefined || closing.aborted) continue;
    await pauses.pause(pauseAfter(failure), failurePolicies[failure.kind].waitsForServer);
  }
}

function failureOrThrow(error: unknown): FollowFailure {
  if (error instanceof FollowFailure) return error;
  throw error;
}
