import type { ListenOptions } from '../../../src/health/listen.js';

export interface Retries extends Required<Omit<ListenOptions, 'isHardFail'>> {
  /** The problems that were reported. */
  readonly lines: string[];
  /** Returns how many pauses have begun. */
  pauseCount(): number;
  /** Resolves once a pause has begun that no earlier call has seen. */
  untilPause(): Promise<void>;
  /** Ends the present pauses. */
  endPauses(): void;
}

/** Creates options whose pauses last until the test ends them. */
export function createRetries(): Retries {
  const lines: string[] = [];
  let seen = 0;
  let pauses = 0;
  let onPause = () => {};
  let ends: (() => void)[] = [];
  return {
    lines,
    onTrouble: line => lines.push(line),
    retryMilliseconds: 5_000,
    pause: (_, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', reject);
        ends.push(() => resolve(undefined));
        pauses += 1;
        onPause();
      }),
    pauseCount: () => pauses,
    untilPause: async () => {
      while (pauses === seen)
        await new Promise<void>(resolve => {
          onPause = resolve;
        });
      seen = pauses;
    },
    endPauses: () => {
      const waiting = ends;
      ends = [];
      for (const end of waiting) end();
    },
  };
}
