import type { ClusterKind } from '../kinds.js';
import type { BackoffTimers } from './backoff-timers.js';
import type { FeedEvent } from './events.js';
import { failurePolicies, ReflectorFailure, shortWatch } from './failure.js';
import { type ListConnection, type ObjectList, readList } from './list.js';
import { createListMethod, type ListMethod, type ServerLimits } from './list-method.js';
import { streamList } from './streaming-list.js';
import type { Subject } from './subject.js';
import { type Backoff, createBackoff } from './timing.js';
import type { TroubleReporter } from './trouble-reporter.js';
import { type WatchEvent, watchStream } from './watch.js';

export interface ReflectorOptions extends ListConnection {
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
export const runReflector = (options: ReflectorOptions): Promise<void> => new Reflector(options).run();

/** So many watches in succession may bring events and end at once, as those of an API server that is about to stop. */
const mostShortWatches = 5;

class Reflector {
  readonly #options: ReflectorOptions;
  readonly #kind: ClusterKind;
  readonly #backoff: Backoff;
  readonly #method: ListMethod;
  /** The version from which a watch continues. Undefined if the kind must be listed. */
  #resourceVersion: string | undefined;
  #wasListed = false;
  /** How many watches have ended at once, one after another, although they brought events. */
  #shortWatches = 0;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#kind = options.subject.kind;
    this.#backoff = createBackoff(options.timing);
    this.#method = createListMethod(options.subject, options.server);
  }

  async run(): Promise<void> {
    const { closing, timers, timing } = this.#options;
    while (!closing.aborted) {
      const started = timing.now();
      const wasWatch = this.#resourceVersion !== undefined;
      const wasStream = this.#method.streams();
      const failure = await this.#listOrWatch().then(() => this.#end(wasWatch, started), failureOrThrow);
      if (failure === undefined || closing.aborted) continue;
      const isOfList = this.#resourceVersion === undefined;
      if (isOfList && this.#method.adapt(failure, wasStream)) continue;
      await timers.sleep(this.#handleFailure(failure), failurePolicies[failure.kind].waitsForServer);
    }
  }

  /** Returns a failure if watches that bring events end at once again and again. Nothing else would slow them down. */
  #end(wasWatch: boolean, started: number): ReflectorFailure | undefined {
    const { timing } = this.#options;
    const isShort = wasWatch && timing.now() - started < timing.settled;
    this.#shortWatches = isShort ? this.#shortWatches + 1 : 0;
    return this.#shortWatches > mostShortWatches ? shortWatch() : undefined;
  }

  async #listOrWatch(): Promise<void> {
    const [subject, resourceVersion] = [this.#method.subject(), this.#resourceVersion];
    const [onList, onEvent, onSuccess] = [this.#onList, this.#onEvent, this.#onSuccess];
    if (resourceVersion !== undefined)
      return watchStream(this.#options, { subject, resourceVersion, onEvent, onSuccess });
    if (this.#method.streams()) return streamList(this.#options, { subject, onList, onEvent, onSuccess });
    onList(await readList(this.#options, subject, this.#method.freshness()));
  }

  readonly #onList = (list: ObjectList): void => {
    this.#wasListed = true;
    this.#emit({ is: 'listed', kind: this.#kind, objects: list.objects });
    this.#reach(list.resourceVersion);
  };

  readonly #onEvent = (event: WatchEvent): void => {
    if (event.is !== 'bookmark') this.#emit({ is: event.is, kind: this.#kind, object: event.object });
    this.#reach(event.resourceVersion);
  };

  readonly #onSuccess = (): void => {
    const { closing, troubles, timers } = this.#options;
    this.#backoff.succeed();
    if (!closing.aborted && troubles.resolve(this.#kind)) timers.serverIsBack();
  };

  #emit(event: FeedEvent): void {
    if (!this.#options.closing.aborted) this.#options.onEvent(event);
  }

  #reach(version: string): void {
    this.#resourceVersion = version;
    this.#method.reached(version);
  }

  /** Returns the pause before the next attempt, in milliseconds. */
  #handleFailure(failure: ReflectorFailure): number {
    const { isOptional, troubles } = this.#options;
    const policy = failurePolicies[failure.kind];
    const isFirst = this.#backoff.failures() === 0;
    const resumesWatch = failure.kind === 'busy' || (isFirst && policy.resumesWatch);
    if (!resumesWatch) this.#resourceVersion = undefined;
    if (failure.kind === 'forbidden' && isOptional) return this.#goOnWithout(failure);
    // A watch that starts at a silent API server would say nothing for three minutes.
    const isQuiet = isFirst && policy.isQuietAtFirst && (this.#wasListed || failure.kind !== 'silent');
    if (!isQuiet) troubles.report(this.#kind, { what: failure.what, line: failure.message });
    return this.#backoff.next(failure.retryAfterSeconds);
  }

  /** Lists the kind as empty if it never was listed. Returns the pause before it is tried again. */
  #goOnWithout({ what }: ReflectorFailure): number {
    const { troubles, timing } = this.#options;
    if (!this.#wasListed) {
      this.#wasListed = true;
      this.#emit({ is: 'listed', kind: this.#kind, objects: [], isForbidden: true });
    }
    troubles.report(this.#kind, { what, line: `${what}; going on without them` });
    return timing.forbiddenPause * (1 + timing.random());
  }
}

function failureOrThrow(error: unknown): ReflectorFailure {
  if (error instanceof ReflectorFailure) return error;
  throw error;
}
