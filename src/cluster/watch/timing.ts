import { setTimeout as after } from 'node:timers/promises';

/** Times are in milliseconds unless the name says otherwise. The timers do not depend on the clock's time of day. */
export interface FeedTiming {
  /** The pause after a first failure. It doubles with each further failure. */
  readonly firstPause: number;
  readonly maximumPause: number;
  /** Returns a number from 0 (inclusive) to 1: nodes that lost the API server together must not return together. */
  readonly random: () => number;
  /** How long the API server may keep a watch open: from this up to one and a half times as long. */
  readonly watchSeconds: number;
  /** A watch that brings nothing for this long is given up. Longer than the longest watch. */
  readonly watchSilence: number;
  /** The same for a list, and for the beginning of any answer. The API server itself gives up after 60 seconds. */
  readonly answerSilence: number;
  /** A watch that has stayed open for this long counts as a success, even if it brought nothing. */
  readonly settled: number;
  /** The pause before a forbidden optional kind is tried again. */
  readonly forbiddenPause: number;
  /** Resolves after the pause, or earlier if the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const defaultTiming: FeedTiming = {
  firstPause: 200,
  maximumPause: 30_000,
  random: Math.random,
  watchSeconds: 300,
  watchSilence: 480_000,
  answerSilence: 90_000,
  settled: 2_000,
  forbiddenPause: 300_000,
  sleep: (milliseconds, signal) => after(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** A Retry-After of years would be a mistake, and Node's timers take no more than 24 days. */
const maximumRetryAfter = 600_000;

export interface Backoff {
  /** Returns the number of failures since the last success. */
  failures(): number;
  /** Counts a failure and returns the pause after it. A server that wants a longer pause (in seconds) gets it. */
  next(retryAfterSeconds?: number): number;
  reset(): void;
}

/** Creates an exponential backoff with jitter: each pause is shortened at random by up to half. */
export function createBackoff({ firstPause, maximumPause, random }: FeedTiming): Backoff {
  let failures = 0;
  return {
    failures: () => failures,
    next(retryAfterSeconds = 0) {
      const full = Math.min(maximumPause, firstPause * 2 ** failures);
      failures += 1;
      const retryAfter = Math.min(maximumRetryAfter, retryAfterSeconds * 1000);
      return Math.max(retryAfter, full * (1 - random() / 2));
    },
    reset() {
      failures = 0;
    },
  };
}
