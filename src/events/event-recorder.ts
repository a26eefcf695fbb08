import { RateLimit } from '../output/rate-limit.js';
import { type EventObject, eventObject, type Notice, repeatedEvent } from './event.js';
import type { WriteEvent } from './write-event.js';

/** Writes Events for operators. Nothing waits for them, and one that cannot be written is lost. */
export interface EventRecorder {
  record(notice: Notice): void;
  /** Drops what is not written yet, and all later notices. */
  close(): void;
}

export interface RecorderOptions {
  readonly write: WriteEvent;
  readonly nodeName: string;
  readonly now: () => Date;
}

/** A notice that is the same again is counted, and the count is written at most once in this time, in milliseconds. */
const seriesPause = 300_000;
/** The API server keeps Events for an hour. A notice that comes again after this time is a new Event. */
const seriesEnd = 1_800_000;
/**
 * A broken node must not flood the API server, which keeps all Events: ten at once of each reason, and one more each
 * minute. Authors of Services can cause those of some reasons, which must not use up what others need.
 */
const burst = 10;
const refillMilliseconds = 60_000;

/** A notice that may come again. */
interface Series {
  readonly event: EventObject;
  readonly count: number;
  /** Times of `performance.now()`. */
  readonly seen: number;
  readonly written: number;
}

export function createEventRecorder({ write, nodeName, now }: RecorderOptions): EventRecorder {
  const series = new Map<string, Series>();
  const limit = new RateLimit(burst, refillMilliseconds);
  let sequence = 0;
  const closing = new AbortController();
  let last: Promise<void> = Promise.resolve();

  const enqueue = (method: 'POST' | 'PUT', event: EventObject): void => {
    last = last.then(() => (closing.signal.aborted ? undefined : write(method, event, closing.signal)));
  };

  function forgetOld(): void {
    const oldest = performance.now() - seriesEnd;
    for (const [key, { seen }] of series) if (seen < oldest) series.delete(key);
  }

  function begin(key: string, notice: Notice): void {
    if (!limit.take(notice.reason)) return;
    const event = eventObject(notice, nodeName, now(), sequence);
    sequence += 1;
    const time = performance.now();
    series.set(key, { event, count: 1, seen: time, written: time });
    enqueue('POST', event);
  }

  function repeat(key: string, known: Series): void {
    const time = performance.now();
    const count = known.count + 1;
    const isDue = time - known.written >= seriesPause && limit.take(known.event.reason);
    series.set(key, { ...known, count, seen: time, written: isDue ? time : known.written });
    if (isDue) enqueue('PUT', repeatedEvent(known.event, count, now()));
  }

  return {
    record(notice) {
      if (closing.signal.aborted) return;
      forgetOld();
      const key = JSON.stringify(notice);
      const known = series.get(key);
      if (known === undefined) begin(key, notice);
      else repeat(key, known);
    },
    close: () => closing.abort(),
  };
}
