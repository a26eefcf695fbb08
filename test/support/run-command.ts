import { exitCodeOfError, exitCodeOfOutcome } from '../../src/cli/exit-codes.js';
import type { Io } from '../../src/commands/shared/io.js';
import type { CommandOutcome } from '../../src/commands/shared/outcome.js';
import { KproxyError } from '../../src/errors.js';
import { type Outcome, tutorialProxy } from './run-sync.js';

/** Runs a command as the command line does, and returns what it wrote and how it ended. */
export async function outcomeOf(run: (io: Io) => Promise<CommandOutcome>, stdin = ''): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  const io: Io = {
    stdout: text => {
      texts.stdout += text;
    },
    stderr: text => {
      texts.stderr += text;
    },
    readStdin: async () => stdin,
  };
  try {
    const outcome = await run(io);
    return { ...texts, exitCode: exitCodeOfOutcome[outcome], error: undefined };
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    return { ...texts, exitCode: exitCodeOfError[error.code], error };
  }
}

/** A cluster that a command reads from its standard input. */
export const fromStdin = {
  from: ['-'],
  namespace: undefined,
  kubectl: () => Promise.reject(new Error('this test has no kubectl')),
} as const;

/** What `diff` and `status` need beside their own options, for a cluster on standard input. */
export const readingOptions = {
  source: fromStdin,
  proxy: tutorialProxy,
  namespace: undefined,
  allowEmpty: false,
  isColored: false,
} as const;
