import type { CommandResult } from '../node/access.js';
import type { Command } from '../node/command.js';

/** Runs tools on this machine. */
export interface ToolRunner {
  /**
   * Runs a command to its end. The exit status of a command that a signal ended is 128 plus the signal's number.
   * @throws KproxyError `tool-missing` or `tool-hangs`
   */
  run(command: Command): Promise<CommandResult>;
  /** Waits for the running tools and frees what the runner holds. Each tool has its time limit, so this ends too. */
  end(): Promise<void>;
}
