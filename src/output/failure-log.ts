import type { KproxyError } from '../errors.js';
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
  let limit: string | undefined;
  return {
    failed(error, nextMilliseconds) {
      const last = limit;
      limit = limitBehind(error);
      const isKnown = limit !== undefined && limit === last;
      logFailure(isKnown ? { ...log, error: log.debug } : log, error, nextMilliseconds);
    },
    succeeded() {
      if (limit !== undefined) log.info(`over, synced again: ${limit}`);
      limit = undefined;
    },
  };
}
