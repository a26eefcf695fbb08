import { isJournalOnStandardError } from '../../output/journal.js';
import { createLog, type Log, type LogFormat } from '../../output/log.js';
import type { Io } from '../shared/io.js';

export interface LogSetting {
  readonly logFormat: LogFormat;
  readonly verbose: boolean;
}

/** Opens the log of a command that stays, on stderr, which may be the journal. */
export const logOf = ({ logFormat, verbose }: LogSetting, io: Pick<Io, 'stderr'>): Log =>
  createLog({
    format: logFormat,
    isVerbose: verbose,
    isJournal: isJournalOnStandardError(),
    write: io.stderr,
    now: () => new Date(),
  });

/** Returns a signal that SIGINT and SIGTERM abort. */
export function untilTerminated(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}
