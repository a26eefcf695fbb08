import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** What the machines may take to end. They end with this process in any case. */
const cleanUpMilliseconds = 2_000;

/** On SIGTERM, and if the terminal is gone, ends the machines, and then this process as the signal does. */
export function endOnSignals(cleanUp: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGHUP'] as const)
    process.once(signal, async () => {
      await Promise.race([cleanUp(), setTimeout(cleanUpMilliseconds)]);
      process.exit(128 + constants.signals[signal]);
    });
}
