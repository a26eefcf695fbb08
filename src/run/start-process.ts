import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';

/** How a process ended, or why it was not started. */
export interface ProcessEnd {
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  readonly error?: NodeJS.ErrnoException;
}

export interface StartedProcess {
  /** Undefined if the process was not started. */
  readonly child: ChildProcess | undefined;
  readonly ended: Promise<ProcessEnd>;
}

export interface ProcessOptions {
  readonly stdio: StdioOptions;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a process. Does not throw: where Node cannot start one it sometimes throws, sometimes emits an error, and if
 * no more files may be opened it gives a process without pipes, with which execa fails.
 */
export function startProcess([program = '', ...words]: readonly string[], options: ProcessOptions): StartedProcess {
  try {
    const child = spawn(program, words, options);
    return child.pid === undefined ? { child: undefined, ended: errorOf(child) } : { child, ended: endOf(child) };
  } catch (error) {
    return { child: undefined, ended: Promise.resolve({ error: error as NodeJS.ErrnoException }) };
  }
}

const errorOf = (child: ChildProcess): Promise<ProcessEnd> =>
  new Promise(resolve => child.once('error', error => resolve({ error })));

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  // A process that runs emits an error if it cannot be signaled. Its end is reported all the same.
  child.on('error', () => {});
  return new Promise(resolve =>
    child.once('exit', (exitCode, signal) => resolve(signal === null ? { exitCode: exitCode ?? 0 } : { signal })),
  );
}
