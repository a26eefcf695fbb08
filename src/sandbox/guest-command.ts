import type { CommandOptions, CommandResult, RunningCommand } from './sandbox.js';

/** A command's side on the host: collects what the guest sends for it. */
export interface GuestCommand extends RunningCommand {
  onOutput(chunk: Buffer): void;
  onErrorOutput(chunk: Buffer): void;
  onExit(exitCode: number, signal: number): void;
  onLost(error: Error): void;
}

interface Waiter {
  readonly pattern: RegExp;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function createGuestCommand(
  argv: readonly string[],
  options: CommandOptions,
  signal: (name: string) => void,
): GuestCommand {
  const outputs: Buffer[] = [];
  const errors: Buffer[] = [];
  let waiters: Waiter[] = [];
  let timedOut = false;
  const { promise, resolve, reject } = settleable<CommandResult>();
  const timer = startTimer(options.timeoutMilliseconds, () => {
    timedOut = true;
    signal('KILL');
  });
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
  const settleWaiters = (end?: Error) => {
    if (waiters.length === 0) return;
    const seen = text(outputs);
    const matches = (waiter: Waiter) => seen.search(waiter.pattern) >= 0;
    for (const waiter of waiters.filter(matches)) waiter.resolve();
    const left = waiters.filter(waiter => !matches(waiter));
    if (end) for (const waiter of left) waiter.reject(end);
    waiters = end ? [] : left;
  };
  let end: Error | undefined;
  const finish = (reason: Error) => {
    clearTimeout(timer);
    end = reason;
    settleWaiters(end);
  };
  return {
    result: promise,
    stdout: () => text(outputs),
    stderr: () => text(errors),
    kill: (name = 'SIGTERM') => signal(name.replace(/^SIG/, '')),
    untilOutput: pattern =>
      new Promise<void>((resolveWaiter, rejectWaiter) => {
        waiters.push({ pattern, resolve: resolveWaiter, reject: rejectWaiter });
        settleWaiters(end);
      }),
    onOutput: chunk => {
      outputs.push(chunk);
      settleWaiters();
    },
    onErrorOutput: chunk => errors.push(chunk),
    onExit: (exitCode, number) => {
      finish(
        new Error(`${argv.join(' ')} ended with exit code ${exitCode} before the expected output: ${text(errors)}`),
      );
      resolve({ exitCode: number ? 128 + number : exitCode, stdout: text(outputs), stderr: text(errors), timedOut });
    },
    onLost: error => {
      finish(error);
      reject(error);
    },
  };
}

function startTimer(milliseconds: number | undefined, onExpiry: () => void): NodeJS.Timeout | undefined {
  return milliseconds === undefined ? undefined : setTimeout(onExpiry, milliseconds);
}

function settleable<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  // A command that nobody waits for may be lost with the sandbox.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
