import { longestTimer } from '../timers.js';

/**
 * Returns how often the watchdog must hear of this process, in milliseconds, or undefined if there is none for it. It
 * is half of the time after which the service manager restarts the process, as sd_watchdog_enabled(3) recommends.
 */
export function watchdogPeriod(environment: NodeJS.ProcessEnv, pid: number): number | undefined {
  const { WATCHDOG_USEC: microseconds = '', WATCHDOG_PID: watched } = environment;
  if (watched !== undefined && watched !== String(pid)) return undefined;
  if (!/^[1-9]\d*$/.test(microseconds)) return undefined;
  return Math.min(longestTimer, Math.max(1, Math.floor(Number(microseconds) / 2_000)));
}
