import type { ListenOptions } from '../../../src/health/listen.js';

export interface Retries extends Required<ListenOptions> {
  readonly told: string[];
  /** How many pauses have begun. */
  begun(): number;
  /** Settles once a pause has begun that no earlier call has seen. */
  paused(): Promise<void>;
  /** Ends the pauses that are under way. */
  goOn(): void;
}

/** Pauses that last until the test says so. */
export function retries(): Retries {
  const told: string[] = [];
  let seen = 0;
  let begun = 0;
  let onPause = () => {};
  let ends: (() => void)[] = [];
  return {
    told,
    onTrouble: line => told.push(line),
    retryMilliseconds: 5_000,
    pause: (_, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', reject);
        ends.push(() => resolve(undefined));
        begun += 1;
        onPause();
      }),
    begun: () => begun,
    paused: async () => {
      while (begun === seen)
        await new Promise<void>(resolve => {
          onPause = resolve;
        });
      seen = begun;
    },
    goOn: () => {
      const waiting = ends;
      ends = [];
      for (const end of waiting) end();
    },
  };
}
