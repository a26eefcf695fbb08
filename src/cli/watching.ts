import type { Log } from '../output/log.js';
import { processIo } from './io.js';
import type { WatchFlags } from './watch-flags.js';

/** The log of a command that stays, on stderr. */
export async function logOf({ logFormat, verbose = false }: WatchFlags): Promise<Log> {
  const { openLog } = await import('../output/log.js');
  return openLog({ format: logFormat, isVerbose: verbose, write: processIo.stderr, now: () => new Date() });
}

/** Aborted by the signals with which a service manager or a person ends a program. */
export function untilTold(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}
