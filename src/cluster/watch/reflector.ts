import type { ClusterKind } from '../kinds.js';
import type { RawObject } from '../objects.js';
import type { BackoffTimers } from './backoff-timers.js';
import type { FeedEvent } from './events.js';
import { failurePolicies, ReflectorFailure } from './failure.js';
import { readList } from './list.js';
import type { Connection } from './request.js';
import { createBackoff } from './timing.js';
import type { TroubleReporter } from './trouble-reporter.js';
import { type WatchEvent, watchStream } from './watch.js';

export interface ReflectorOptions extends Connection {
  readonly kind: ClusterKind;
  readonly namespace: string | undefined;
  /** Lists the kind as empty if it is forbidden. */
  readonly isOptional: boolean;
  readonly onEvent: (event: FeedEvent) => void;
  readonly troubles: TroubleReporter;
  readonly timers: BackoffTimers;
}

/**
 * Lists a kind and watches it from there until the feed closes. Reports each failure and tries again. Rejects only with
 * an error that `onEvent` throws.
 */
export async function runReflector(options: ReflectorOptions): Promise<void> {
  const { kind, namespace, timing, closing, troubles, timers } = options;
  const backoff = createBackoff(timing);
  let resourceVersion: string | undefined;
  let wasListed = false;

  const emit = (event: FeedEvent): void => {
    if (!closing.aborted) options.onEvent(event);
  };
  const emitList = (objects: readonly RawObject[]): void => {
    wasListed = true;
    emit({ is: 'listed', kind, objects });
  };
  const onEvent = (event: WatchEvent): void => {
    if (event.is !== 'bookmark') emit({ is: event.is, kind, object: event.object });
    resourceVersion = event.resourceVersion;
  };
  const onSuccess = (): void => {
    backoff.reset();
    if (!closing.aborted && troubles.resolve(kind)) timers.serverIsBack();
  };

  const listOrWatch = async (): Promise<void> => {
    if (resourceVersion !== undefined)
      return watchStream(options, { kind, namespace, resourceVersion, onEvent, onSuccess });
    const list = await readList(options, kind, namespace);
    emitList(list.objects);
    resourceVersion = list.resourceVersion;
  };

  /** Returns the pause before the next attempt, in milliseconds. */
  const handleFailure = (failure: ReflectorFailure): number => {
    const policy = failurePolicies[failure.kind];
    const isFirst = backoff.failures() === 0;
    const resumesWatch = failure.kind === 'busy' || (isFirst && policy.resumesWatch);
    if (!resumesWatch) resourceVersion = undefined;
    if (failure.kind === 'forbidden' && options.isOptional) {
      if (!wasListed) emitList([]);
      troubles.report(kind, { what: failure.what, line: `${failure.what}; going on without them` });
      return timing.forbiddenPause;
    }
    if (!isFirst || !policy.isQuietAtFirst) troubles.report(kind, { what: failure.what, line: failure.message });
    return backoff.next(failure.retryAfterSeconds);
  };

  while (!closing.aborted) {
    const failure = await listOrWatch().then(() => undefined, failureOrThrow);
    if (failure === undefined || closing.aborted) continue;
    await timers.sleep(handleFailure(failure), failurePolicies[failure.kind].waitsForServer);
  }
}

function failureOrThrow(error: unknown): ReflectorFailure {
  if (error instanceof ReflectorFailure) return error;
  throw error;
}
