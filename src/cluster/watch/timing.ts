import { setTimeout as after } from 'node:timers/promises';

/** All times are in milliseconds where the name does not say otherwise, and are measured by timers that a change of the clock does not touch. */
export interface FeedTiming {
  /** The pause after a first failure; it doubles with each that follows. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** From 0 (included) to 1: nodes that lost the API server together must not come back together. */
  readonly random: () => number;
  /** How long the API server is asked to keep a watch stream open: from this up to half as much again. */
  readonly watchSeconds: number;
  /** A watch stream that brings nothing for this long is given up. Longer than the longest watch. */
  readonly watchSilence: number;
  /** The same for a list, and for the beginning of any answer. The API server itself gives up after 60 seconds. */
  readonly answerSilence: number;
  /** A stream that has stayed open for this long is a success, also when it brought nothing. */
  readonly settled: number;
  /** The pause before an optional kind that is forbidden is asked for again. */
  readonly forbiddenPause: number;
  /** Resolves after the pause, or earlier when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const defaultTiming: FeedTiming = {
  firstPause: 200,
  longestPause: 30_000,
  random: Math.random,
  watchSeconds: 300,
  watchSilence: 480_000,
  answerSilence: 90_000,
  settled: 2_000,
  forbiddenPause: 300_000,
  sleep: (milliseconds, signal) => after(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** A Retry-After of years would be a mistake, and Node's timers take no more than 24 days. */
const longestRetryAfter = 600_000;

export interface Backoff {
  /** How many failures there were since the last success. */
  failures(): number;
  /** Counts a failure and says how long to pause. A server that asks for a longer pause (in seconds) gets it. */
  pause(retryAfterSeconds?: number): number;
  reset(): void;
}

export function createBackoff({ firstPause, longestPause, random }: FeedTiming): Backoff {
  let failures = 0;
  return {
    failures: () => failures,
    pause(retryAfterSeconds = 0) {
      const full = Math.min(longestPause, firstPause * 2 ** failures);
      failures += 1;
      const asked = Math.min(longestRetryAfter, retryAfterSeconds * 1000);
      return Math.max(asked, full * (1 - random() / 2));
    },
    reset() {
      failures = 0;
    },
  };
}
