import type { FeedTiming } from './timing.js';

/** The pauses of all reflectors between their attempts. */
export interface BackoffTimers {
  /**
   * Resolves after so many milliseconds, or earlier if the feed closes or the API server is back.
   * @param waitsForServer whether `serverIsBack` ends this pause
   */
  sleep(milliseconds: number, waitsForServer: boolean): Promise<void>;
  /**
   * Ends the pauses of the reflectors that wait for the API server, because one of them has reached it. Nodes do not
   * return together for that: after a long outage the first reflector of each is in a pause of 30 to 60 seconds.
   */
  serverIsBack(): void;
}

export function createBackoffTimers({ sleep }: FeedTiming, closing: AbortSignal): BackoffTimers {
  const sleepers = new Map<AbortController, boolean>();
  closing.addEventListener('abort', () => {
    for (const sleeper of sleepers.keys()) sleeper.abort();
  });
  return {
    async sleep(milliseconds, waitsForServer) {
      if (closing.aborted) return;
      const sleeper = new AbortController();
      sleepers.set(sleeper, waitsForServer);
      await sleep(milliseconds, sleeper.signal);
      sleepers.delete(sleeper);
    },
    serverIsBack() {
      for (const [sleeper, waitsForServer] of sleepers) if (waitsForServer) sleeper.abort();
    },
  };
}
