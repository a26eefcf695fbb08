import { spawnSync } from 'node:child_process';
import { toolEnvironment } from '../../run/environment.js';
import type { TerminalSize } from '../../sandbox/sandbox.js';
import type { Shell, ShellOptions } from '../lab/lab.js';
import { createModeTracker } from './terminal-modes.js';

/** The parts of `process.stdin` that are used. */
export interface TerminalInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  readonly fd?: number;
  readonly isRaw?: boolean;
  readonly readableFlowing?: boolean | null;
  setRawMode?(isRaw: boolean): unknown;
}

/** The parts of `process.stdout` that are used. */
export interface TerminalOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface AttachOptions {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  /** TERM, NO_COLOR and other variables for the shell. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Opens the shell. Called once. */
  readonly openShell: (options: ShellOptions) => Shell;
}

/** Returns the size of a terminal. Without a terminal, or if it does not know its size: 80 × 24. */
export const sizeOf = ({ columns, rows }: TerminalOutput): TerminalSize => ({
  columns: columns || 80,
  rows: rows || 24,
});

/**
 * Connects this process's terminal with a shell until the shell ends. Every key goes to the shell, Ctrl-C too.
 * Afterwards the terminal is as it was before, whatever happens. Returns the exit code of the shell.
 */
export async function attachTerminal({ stdin, stdout, environment, openShell }: AttachOptions): Promise<number> {
  const modes = createModeTracker();
  const onOutput = (bytes: Uint8Array) => {
    modes.see(bytes);
    stdout.write(bytes);
  };
  const wasRaw = stdin.isRaw ?? false;
  stdin.setRawMode?.(true);
  keepLineFeeds(stdin);
  let detach = () => {};
  try {
    const shell = openShell({ size: sizeOf(stdout), ...(environment && { environment }), onOutput });
    detach = connectStreams(stdin, stdout, shell);
    return await shell.ended;
  } finally {
    detach();
    restoreMode(stdin, wasRaw);
    if (stdout.isTTY) stdout.write(modes.undo());
  }
}

const sttyMilliseconds = 2_000;

/**
 * Makes the terminal show output unchanged. The shell's own terminal has turned a line feed into what it should be, and
 * in full-screen programs it only moves the cursor down. Node's raw mode still adds a carriage return to it.
 */
function keepLineFeeds({ isTTY, fd }: TerminalInput): void {
  if (isTTY && fd !== undefined)
    spawnSync('stty', ['-opost'], {
      stdio: [fd, 'ignore', 'ignore'],
      env: toolEnvironment(),
      timeout: sttyMilliseconds,
    });
}

/** Goes back to the mode before. Node restores all settings only when it leaves the raw mode. */
function restoreMode(stdin: TerminalInput, wasRaw: boolean): void {
  stdin.setRawMode?.(false);
  if (wasRaw) stdin.setRawMode?.(true);
}

/** Passes input, sizes and the loss of the terminal to the shell. Returns what undoes that. */
function connectStreams(stdin: TerminalInput, stdout: TerminalOutput, shell: Shell): () => void {
  const onData = (chunk: Buffer | string) => shell.write(Buffer.from(chunk as Buffer));
  let timer: NodeJS.Timeout | undefined;
  const endInput = () => shell.write(endOfInput);
  const onEnd = () => {
    if (stdin.isTTY) return shell.hangUp();
    endInput();
    timer = setInterval(endInput, againMilliseconds);
  };
  const onLost = () => shell.hangUp();
  const onResize = () => shell.resize(sizeOf(stdout));
  const wasFlowing = stdin.readableFlowing === true;
  stdin.on('data', onData).once('end', onEnd).on('error', onLost);
  stdout.on('resize', onResize).on('error', onLost);
  stdin.resume();
  return () => {
    clearInterval(timer);
    stdin.off('data', onData).off('end', onEnd).off('error', onLost);
    stdout.off('resize', onResize).off('error', onLost);
    // Else a process with nothing left to do would wait for input.
    if (!wasFlowing) stdin.pause();
  };
}

/** After this time the end is typed again: a shell that has just started drops what was typed before its prompt. */
const againMilliseconds = 500;
/** Ctrl-D twice: the first one only ends a line that is not complete. */
const endOfInput = Buffer.from('\u0004\u0004');
