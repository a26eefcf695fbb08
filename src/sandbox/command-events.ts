import { constants } from 'node:os';

/** What the guest reports about a command. */
export interface CommandEvents {
  onOutput(chunk: Buffer): void;
  onErrorOutput(chunk: Buffer): void;
  onExit(exitCode: number, signal: number): void;
  /** Called if the sandbox ends before the command. */
  onLost(error: Error): void;
}

/** Returns the exit code as a shell does. */
export const exitCodeOf = (exitCode: number, signal: number): number => (signal ? 128 + signal : exitCode);

/** The exit code of a command that the end of its terminal has killed. */
export const hangUpExitCode = exitCodeOf(0, constants.signals.SIGHUP);
