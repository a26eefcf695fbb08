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

/** Returns a promise with the functions that settle it. */
export function createDeferred<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  // A command that no caller waits for may be lost with the sandbox.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
