import { setTimeout as after } from 'node:timers/promises';

/** Times are in milliseconds unless the name says otherwise. The timers do not depend on the clock's time of day. */
export interface FeedTiming {
  /** The least pause after a first failure. It doubles with each further failure. Jitter may double it once more. */
  readonly firstPause: number;
  readonly maximumPause: number;
  /** Without a failure for this long, the next one counts as a first again. */
  readonly backoffReset: number;
  /** Returns a number from 0 (inclusive) to 1: nodes that lost the API server together must not return together. */
  readonly random: () => number;
  /** How long the API server may keep a watch open: from this up to twice as long. */
  readonly watchSeconds: number;
  /** A watch that brings nothing for this long is given up. Longer than the longest watch. */
  readonly watchSilence: number;
  /** The same for a list, and for the beginning of any answer. The API server itself gives up after 60 seconds. */
  readonly answerSilence: number;
  /** How long a whole list may take. The API server ends its own after 60 seconds. */
  readonly longestList: number;
  /** A watch that has stayed open for this long counts as a success, even if it brought nothing. */
  readonly settled: number;
  /** The least pause before a forbidden optional kind is tried again. Jitter may double it. */
  readonly forbiddenPause: number;
  /** Returns a time that only grows. */
  readonly now: () => number;
  /** Resolves after the pause, or earlier if the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The pauses and the lengths of watches are those of client-go (tools/cache/reflector.go). */
export const defaultTiming: FeedTiming = {
  firstPause: 800,
  maximumPause: 30_000,
  backoffReset: 120_000,
  random: Math.random,
  watchSeconds: 300,
  watchSilence: 660_000,
  answerSilence: 90_000,
  longestList: 300_000,
  settled: 2_000,
  forbiddenPause: 300_000,
  now: () => performance.now(),
  sleep: (milliseconds, signal) => after(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** A Retry-After of years would be a mistake, and Node's timers take no more than 24 days. */
const maximumRetryAfter = 600_000;

export interface Backoff {
  /** Returns the number of failures since the last success. */
  failures(): number;
  /** Counts a failure and returns the pause after it. A server that wants a longer pause (in seconds) gets it. */
  next(retryAfterSeconds?: number): number;
  /** Ends the count of failures. The pauses begin small again only after a long time without a failure. */
  succeed(): void;
}

/**
 * Creates an exponential backoff with jitter, as client-go has it: each pause is prolonged at random by up to as much
 * again. A Retry-After is prolonged too, because the API server gives the same one to all nodes that it turns away.
 */
export function createBackoff({ firstPause, maximumPause, backoffReset, random, now }: FeedTiming): Backoff {
  let failures = 0;
  let doublings = 0;
  let lastFailure = Number.NEGATIVE_INFINITY;
  return {
    failures: () => failures,
    next(retryAfterSeconds = 0) {
      if (now() - lastFailure > backoffReset) doublings = 0;
      lastFailure = now();
      const pause = Math.min(maximumPause, firstPause * 2 ** doublings);
      failures += 1;
      doublings += 1;
      const retryAfter = Math.min(maximumRetryAfter, retryAfterSeconds * 1000);
      return Math.max(retryAfter, pause) + pause * random();
    },
    succeed() {
      failures = 0;
    },
  };
}
