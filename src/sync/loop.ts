import { setTimeout as setTimer } from 'node:timers/promises';
import type { ObjectChange } from '../cluster/store.js';
import { KproxyError } from '../errors.js';

export interface LoopTiming {
  /** Changes that come within this time are made together: a Service and its EndpointSlice never come as one. */
  readonly debounceMilliseconds: number;
  /** How often the whole node is read and mended. */
  readonly periodMilliseconds: number;
  /** How often connections are counted while some are let run out. */
  readonly drainMilliseconds: number;
  /** After a sync that failed: the first pause, doubled each time up to the last. */
  readonly firstRetryMilliseconds: number;
  readonly lastRetryMilliseconds: number;
}

export const defaultTiming: LoopTiming = {
  debounceMilliseconds: 10,
  periodMilliseconds: 30_000,
  drainMilliseconds: 2_000,
  firstRetryMilliseconds: 500,
  lastRetryMilliseconds: 30_000,
};

/** Node's timers take no more than 24 days and fire at once where they are asked for more. */
const longestTimer = 2 ** 31 - 1;

/** What the loop does over and over. */
export interface LoopWork<Result> {
  /** Everything; `changes` are those that no run has seen yet. */
  all(changes: readonly ObjectChange[]): Promise<Result>;
  /** Only what depends on these objects. */
  some(changes: readonly ObjectChange[]): Promise<Result>;
  /** Whether something has to be looked at again soon although nothing changes. */
  isUnsettled(): boolean;
}

/** One run of the loop, for the log and the metrics. */
export interface LoopReport<Result> {
  readonly result: Result;
  readonly changes: readonly ObjectChange[];
  readonly isWhole: boolean;
  readonly milliseconds: number;
}

export interface LoopListener<Result> {
  readonly onSynced: (report: LoopReport<Result>) => void;
  readonly onFailed: (error: KproxyError, nextMilliseconds: number) => void;
}

export interface SyncLoop {
  /** Objects have changed. */
  changed(changes: readonly ObjectChange[]): void;
  /** Runs until the signal says stop and the sync that was under way has ended. Rejects only where there is a bug. */
  run(signal: AbortSignal): Promise<void>;
}

/** Syncs whenever something is due: a change, the period, connections that may have run out, another try. One sync at a time. */
export function syncLoop<Result>(
  work: LoopWork<Result>,
  timing: LoopTiming,
  { onSynced, onFailed }: LoopListener<Result>,
): SyncLoop {
  let waiting: ObjectChange[] = [];
  let wake = () => {};
  let wholeDue = performance.now();
  let retry = timing.firstRetryMilliseconds;

  async function syncOnce(signal: AbortSignal): Promise<void> {
    const changes = waiting;
    waiting = [];
    const started = performance.now();
    const isWhole = started >= wholeDue;
    try {
      const result = await (isWhole ? work.all(changes) : work.some(changes));
      if (isWhole) wholeDue = started + timing.periodMilliseconds;
      retry = timing.firstRetryMilliseconds;
      onSynced({ result, changes, isWhole, milliseconds: performance.now() - started });
    } catch (error) {
      if (!(error instanceof KproxyError)) throw error;
      // What was not made of the changes is found by reading the node, whole.
      waiting = [...changes, ...waiting];
      wholeDue = performance.now();
      onFailed(error, retry);
      await sleep(retry, signal);
      retry = Math.min(2 * retry, timing.lastRetryMilliseconds);
    }
  }

  /** Wakes early where `wake` is called. */
  const pause = (milliseconds: number): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, Math.min(Math.max(0, milliseconds), longestTimer));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const untilDue = (): number => {
    const whole = wholeDue - performance.now();
    return work.isUnsettled() ? Math.min(whole, timing.drainMilliseconds) : whole;
  };

  return {
    changed: changes => {
      waiting = waiting.concat(changes);
      if (changes.length > 0) wake();
    },
    run: async signal => {
      signal.addEventListener('abort', () => wake());
      while (!signal.aborted) {
        await syncOnce(signal);
        if (waiting.length === 0 && !signal.aborted) await pause(untilDue());
        if (waiting.length > 0) await sleep(timing.debounceMilliseconds, signal);
      }
    },
  };
}

/** Ends early only with the signal. */
const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  setTimer(milliseconds, undefined, { signal }).catch(() => {});
