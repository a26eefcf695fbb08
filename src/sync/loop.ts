import type { ObjectChange } from '../cluster/store.js';
import { KproxyError } from '../errors.js';
import { machineLimit } from '../run/machine-limit.js';
import { longestTimer } from '../timers.js';

export interface LoopTiming {
  /** Changes that arrive within this time are made together: a Service and its EndpointSlice never arrive at once. */
  readonly debounceMilliseconds: number;
  /** How often the whole node is read and corrected. */
  readonly periodMilliseconds: number;
  /**
   * The least time from the end of a sync to the beginning of the next, as in kube-proxy's BoundedFrequencyRunner
   * (pkg/proxy/runner of Kubernetes 1.37). Changes that arrive meanwhile are made together.
   */
  readonly leastPauseMilliseconds: number;
  /** How often connections are counted while real servers are draining. */
  readonly drainMilliseconds: number;
  /** The backoff after a failed sync: the first pause, which doubles up to the last. */
  readonly firstRetryMilliseconds: number;
  readonly lastRetryMilliseconds: number;
}

export const defaultTiming: LoopTiming = {
  debounceMilliseconds: 10,
  periodMilliseconds: 30_000,
  leastPauseMilliseconds: 0,
  drainMilliseconds: 2_000,
  firstRetryMilliseconds: 500,
  lastRetryMilliseconds: 30_000,
};

/** The work of a sync. */
export interface LoopWork<Result> {
  /**
   * Syncs everything.
   * @param changes those that no sync has seen yet
   */
  all(changes: readonly ObjectChange[]): Promise<Result>;
  /** Syncs only what depends on these objects. */
  some(changes: readonly ObjectChange[]): Promise<Result>;
  /** Returns true if a sync is due soon although nothing changes. */
  isUnsettled(): boolean;
}

/** One sync, for the log and the metrics. */
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
  /** Schedules a sync for changed objects. */
  changed(changes: readonly ObjectChange[]): void;
  /** Returns true if changes wait for the next sync, or if the loop is to end. */
  isWaiting(): boolean;
  /** Runs until the signal is aborted and the current sync has ended. Rejects only with a bug. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Creates a loop that syncs whenever something is due: a change, the period, draining connections, a retry. Only one
 * sync runs at a time.
 */
export function createSyncLoop<Result>(
  work: LoopWork<Result>,
  timing: LoopTiming,
  { onSynced, onFailed }: LoopListener<Result>,
): SyncLoop {
  let waiting: ObjectChange[] = [];
  let wake = () => {};
  let wholeDue = performance.now();
  let retry = timing.firstRetryMilliseconds;
  let lastEnd = Number.NEGATIVE_INFINITY;

  async function syncOnce(signal: AbortSignal): Promise<void> {
    const changes = waiting;
    waiting = [];
    const started = performance.now();
    const isWhole = started >= wholeDue;
    try {
      const result = await (isWhole ? work.all(changes) : work.some(changes));
      if (isWhole) wholeDue = started + timing.periodMilliseconds;
      retry = timing.firstRetryMilliseconds;
      lastEnd = performance.now();
      onSynced({ result, changes, isWhole, milliseconds: lastEnd - started });
    } catch (thrown) {
      const error = thrown instanceof KproxyError ? thrown : machineLimit('the sync cannot go on', thrown);
      if (error === undefined) throw thrown;
      // A full sync reads the node and finds what was not applied.
      waiting = [...changes, ...waiting];
      wholeDue = performance.now();
      lastEnd = wholeDue;
      onFailed(error, retry);
      await sleep(retry, signal);
      retry = Math.min(2 * retry, timing.lastRetryMilliseconds);
    }
  }

  /** Ends early if `wake` is called. */
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

  let isEnding = () => false;
  return {
    isWaiting: () => waiting.length > 0 || isEnding(),
    changed: changes => {
      for (const change of changes) waiting.push(change);
      if (changes.length > 0) wake();
    },
    run: async signal => {
      signal.addEventListener('abort', () => wake());
      isEnding = () => signal.aborted;
      while (!signal.aborted) {
        await syncOnce(signal);
        if (waiting.length === 0 && !signal.aborted) await pause(untilDue());
        if (waiting.length > 0) await sleep(timing.debounceMilliseconds, signal);
        const rest = lastEnd + timing.leastPauseMilliseconds - performance.now();
        if (rest > 0) await sleep(rest, signal);
      }
    },
  };
}

/** Ends early if the signal is aborted. */
const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(milliseconds, longestTimer));
    signal.addEventListener('abort', end);
  });
