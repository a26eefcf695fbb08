import type { KproxyError } from '../errors.js';
import { KnownLimit } from '../run/known-limit.js';
import { limitBehind } from '../run/machine-limit.js';
import type { Log } from './log.js';
import { logFailure } from './sync-log.js';

export interface FailureLog {
  failed(error: KproxyError, nextMilliseconds: number): void;
  succeeded(): void;
}

/**
 * Logs syncs that failed. Logs a limit of the machine once, whatever fails because of it, until it is over: it may last
 * for hours, and the disk may be what is full. With `-v`, logs each time.
 */
export function createFailureLog(log: Log): FailureLog {
  const known = new KnownLimit();
  return {
    failed(error, nextMilliseconds) {
      const isKnown = known.reached(limitBehind(error));
      logFailure(isKnown ? { ...log, error: log.debug } : log, error, nextMilliseconds);
    },
    succeeded() {
      const limit = known.over();
      if (limit !== undefined) log.info(`over, synced again: ${limit}`);
    },
  };
}
