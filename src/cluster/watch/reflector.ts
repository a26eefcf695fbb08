import type { BackoffTimers } from './backoff-timers.js';
import type { FeedEvent } from './events.js';
import { failurePolicies, ReflectorFailure } from './failure.js';
import { type ObjectList, readList } from './list.js';
import { createListMethod, type ServerLimits } from './list-method.js';
import type { Connection } from './request.js';
import { streamList } from './streaming-list.js';
import type { Subject } from './subject.js';
import { createBackoff } from './timing.js';
import type { TroubleReporter } from './trouble-reporter.js';
import { type WatchEvent, watchStream } from './watch.js';

export interface ReflectorOptions extends Connection {
  readonly subject: Subject;
  /** Lists the kind as empty if it is forbidden. */
  readonly isOptional: boolean;
  /** Shared by all reflectors. */
  readonly server: ServerLimits;
  readonly onEvent: (event: FeedEvent) => void;
  readonly troubles: TroubleReporter;
  readonly timers: BackoffTimers;
}

/**
 * Lists a kind and watches it from there until the feed closes. Reports each failure and tries again. Rejects only with
 * an error that `onEvent` throws.
 */
export async function runReflector(options: ReflectorOptions): Promise<void> {
  const { closing, troubles, timers } = options;
  const { kind } = options.subject;
  const backoff = createBackoff(options.timing);
  const method = createListMethod(options.subject, options.server);
  let resourceVersion: string | undefined;
  let wasListed = false;

  const emit = (event: FeedEvent): void => {
    if (!closing.aborted) options.onEvent(event);
  };
  const reach = (version: string): void => {
    resourceVersion = version;
    method.reached(version);
  };
  const onList = (list: ObjectList): void => {
    wasListed = true;
    emit({ is: 'listed', kind, objects: list.objects });
    reach(list.resourceVersion);
  };
  const onEvent = (event: WatchEvent): void => {
    if (event.is !== 'bookmark') emit({ is: event.is, kind, object: event.object });
    reach(event.resourceVersion);
  };
  const onSuccess = (): void => {
    backoff.succeed();
    if (!closing.aborted && troubles.resolve(kind)) timers.serverIsBack();
  };

  const listOrWatch = async (): Promise<void> => {
    const subject = method.subject();
    if (resourceVersion !== undefined) return watchStream(options, { subject, resourceVersion, onEvent, onSuccess });
    if (method.streams()) return streamList(options, { subject, onList, onEvent, onSuccess });
    onList(await readList(options, subject, method.freshness()));
  };

  /** Returns the pause before the next attempt, in milliseconds. */
  const handleFailure = (failure: ReflectorFailure): number => {
    const policy = failurePolicies[failure.kind];
    const isFirst = backoff.failures() === 0;
    const resumesWatch = failure.kind === 'busy' || (isFirst && policy.resumesWatch);
    if (!resumesWatch) resourceVersion = undefined;
    if (failure.kind === 'forbidden' && options.isOptional) {
      if (!wasListed) {
        wasListed = true;
        emit({ is: 'listed', kind, objects: [], isForbidden: true });
      }
      troubles.report(kind, { what: failure.what, line: `${failure.what}; going on without them` });
      return options.timing.forbiddenPause * (1 + options.timing.random());
    }
    // A watch that starts at a silent API server would say nothing for three minutes.
    const isQuiet = isFirst && policy.isQuietAtFirst && (wasListed || failure.kind !== 'silent');
    if (!isQuiet) troubles.report(kind, { what: failure.what, line: failure.message });
    return backoff.next(failure.retryAfterSeconds);
  };

  while (!closing.aborted) {
    const wasStream = method.streams();
    const failure = await listOrWatch().then(() => undefined, failureOrThrow);
    if (failure === undefined || closing.aborted) continue;
    const isOfList = resourceVersion === undefined;
    if (isOfList && method.adapt(failure, wasStream)) continue;
    await timers.sleep(handleFailure(failure), failurePolicies[failure.kind].waitsForServer);
  }
}

function failureOrThrow(error: unknown): ReflectorFailure {
  if (error instanceof ReflectorFailure) return error;
  throw error;
}
