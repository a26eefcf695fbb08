import type { CommandOutcome } from '../commands/shared/outcome.js';
import { exitCodeOfOutcome } from './exit-codes.js';

/** Returns a commander action that runs the command and sets this process's exit code to its outcome. */
export const action =
  <Arguments extends readonly unknown[]>(run: (...input: Arguments) => Promise<CommandOutcome>) =>
  async (...input: Arguments): Promise<void> => {
    process.exitCode = exitCodeOfOutcome[await run(...input)];
  };
