import type { FeedTiming } from './timing.js';

/** The pauses of all kinds between their attempts. */
export interface Pauses {
  /** Resolves after so many milliseconds, or earlier: when the feed closes, or when the API server that it waits for is back. */
  pause(milliseconds: number, waitsForServer: boolean): Promise<void>;
  /** One kind has found the API server back: the others that wait for it need not wait to the end. */
  serverIsBack(): void;
}

export function createPauses({ sleep }: FeedTiming, closing: AbortSignal): Pauses {
  const sleepers = new Map<AbortController, boolean>();
  closing.addEventListener('abort', () => {
    for (const sleeper of sleepers.keys()) sleeper.abort();
  });
  return {
    async pause(milliseconds, waitsForServer) {
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
