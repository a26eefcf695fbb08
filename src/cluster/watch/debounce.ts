/** In milliseconds. */
export interface DebounceTiming {
  /** The action waits until no event has come for this long. */
  readonly quiet: number;
  /** But no longer than this after the first event: files may be written all the time. */
  readonly maximumDelay: number;
}

export interface Debounce {
  event(): void;
  close(): void;
}

/** Calls `act` once for events in quick succession. */
export function createDebounce({ quiet, maximumDelay }: DebounceTiming, act: () => void): Debounce {
  let quietTimer: NodeJS.Timeout | undefined;
  let delayTimer: NodeJS.Timeout | undefined;

  function close(): void {
    clearTimeout(quietTimer);
    clearTimeout(delayTimer);
    delayTimer = undefined;
  }
  function actNow(): void {
    close();
    act();
  }
  return {
    event() {
      clearTimeout(quietTimer);
      quietTimer = setTimeout(actNow, quiet);
      delayTimer ??= setTimeout(actNow, maximumDelay);
    },
    close,
  };
}
