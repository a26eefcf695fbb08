import { setImmediate } from 'node:timers/promises';

/** How long a computation may keep probes and signals waiting, in milliseconds. */
const longestStretch = 50;

/**
 * Lets a long computation take a breath: whoever computes for many Services calls `take` between two of them, so that
 * probes and signals are answered meanwhile.
 */
export class Breath {
  #since = performance.now();

  /** True if it is time to `take` one. Asking costs less than waiting for nothing. */
  get isDue(): boolean {
    return performance.now() - this.#since > longestStretch;
  }

  async take(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
