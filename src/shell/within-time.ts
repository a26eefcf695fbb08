import { setTimeout } from 'node:timers/promises';

/** The result, or `hangs` where there is none by then. */
export async function withinTime<Result>(work: Promise<Result>, milliseconds: number): Promise<Result | 'hangs'> {
  const stop = new AbortController();
  const late = setTimeout(milliseconds, 'hangs' as const, { signal: stop.signal });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
