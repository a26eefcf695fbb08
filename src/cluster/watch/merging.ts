/** In milliseconds. */
export interface MergingTiming {
  /** Events are merged until there was none for this long. */
  readonly quiet: number;
  /** But for no longer than this: somebody may write all the time. */
  readonly longestMerge: number;
}

export interface Merging {
  event(): void;
  close(): void;
}

/** Calls `act` once for events that come in quick succession. */
export function createMerging({ quiet, longestMerge }: MergingTiming, act: () => void): Merging {
  let quietTimer: NodeJS.Timeout | undefined;
  let lastTimer: NodeJS.Timeout | undefined;

  function close(): void {
    clearTimeout(quietTimer);
    clearTimeout(lastTimer);
    lastTimer = undefined;
  }
  function now(): void {
    close();
    act();
  }
  return {
    event() {
      clearTimeout(quietTimer);
      quietTimer = setTimeout(now, quiet);
      lastTimer ??= setTimeout(now, longestMerge);
    },
    close,
  };
}
