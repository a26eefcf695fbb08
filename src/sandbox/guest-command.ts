import { KproxyError } from '../errors.js';
import { type CommandEvents, exitCodeOf } from './command-events.js';
import { CommandOutput } from './command-output.js';
import { type CommandLimits, startTimers } from './command-timers.js';
import { createDeferred } from './deferred.js';
import type { CommandResult, RunningCommand } from './sandbox.js';
import { withinLimit } from './time-limit.js';

/** The host's side of a command: collects what the guest sends for it. */
export interface GuestCommand extends RunningCommand, CommandEvents {}

export interface GuestCommandOptions extends CommandLimits {
  readonly argv: readonly string[];
  /** Sends a signal to the command's process group: `KILL`. */
  readonly sendSignal: (name: string) => void;
}

export function createGuestCommand({ argv, sendSignal, ...limits }: GuestCommandOptions): GuestCommand {
  const output = new CommandOutput();
  const errorChunks: Buffer[] = [];
  const stderr = () => Buffer.concat(errorChunks).toString();
  const failure = (problem: string) =>
    new KproxyError({ code: 'sandbox-failed', message: `${argv.join(' ')} ${problem}`, evidence: stderr().trim() });
  const { promise: result, resolve, reject } = createDeferred<CommandResult>();
  const timers = startTimers(limits, {
    kill: () => sendSignal('KILL'),
    onNoEnd: problem => lose(failure(problem)),
  });
  const lose = (error: Error) => {
    timers.stop();
    output.end(error);
    reject(error);
  };
  return {
    result,
    stdout: () => output.text(),
    stderr,
    kill: (name = 'SIGTERM') => sendSignal(name.replace(/^SIG/, '')),
    untilOutput: (pattern, { timeoutMilliseconds: limit = limits.waitMilliseconds } = {}) =>
      withinLimit(output.untilMatch(pattern), limit, () => {
        throw failure(`printed nothing that matches ${pattern} within ${limit / 1_000} s`);
      }),
    onOutput: chunk => output.append(chunk),
    onErrorOutput: chunk => errorChunks.push(chunk),
    onExit: (exitCode, signal) => {
      timers.stop();
      output.end(failure(`ended with exit code ${exitCode} before the expected output`));
      const timedOut = timers.timedOut();
      resolve({ exitCode: exitCodeOf(exitCode, signal), stdout: output.text(), stderr: stderr(), timedOut });
    },
    onLost: lose,
  };
}
