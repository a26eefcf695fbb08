import { failureText } from '../failure.js';
import type { Server } from '../server.js';
import type { Flag, Options } from './flags.js';

export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly readStdin: () => Promise<string>;
}

/** What a command works with. */
export interface Session {
  readonly server: Server;
  readonly io: Io;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  /** Of `-n`, else `default`. */
  readonly namespace: string;
  readonly options: Options;
  /** Notes an error, and goes on. It is printed at the end, and the exit code is 1. */
  readonly report: (error: unknown, doing?: string) => void;
  /** Returns true if an error was reported. */
  readonly hasReported: () => boolean;
}

/** A command of kubectl. */
export interface Verb {
  readonly flags: readonly Flag[];
  /** Resolves when all is done. Errors that end the command are thrown. */
  readonly run: (session: Session) => Promise<void> | void;
}

/**
 * Collects errors: kubectl goes on with the other objects, prints the errors after everything else, and ends with exit
 * code 1.
 */
export function errorReporter(io: Pick<Io, 'stderr'>) {
  const texts: string[] = [];
  return {
    report: (error: unknown, doing?: string) => void texts.push(failureText(error, doing)),
    hasReported: () => texts.length > 0,
    print: () => io.stderr(texts.map(text => `${text}\n`).join('')),
  };
}
