import type { Socket } from 'node:net';
import { KproxyError, messageOf } from '../../errors.js';
import { isCode } from '../../run/error-code.js';
import type { Machine } from '../machines.js';
import { attachTerminal, sizeOf, type TerminalInput, type TerminalOutput } from './attach-terminal.js';
import { connectSocket } from './connect-socket.js';
import { openRemoteShell } from './remote-shell.js';
import { checkShareFolder, socketPath } from './share-folder.js';
import { createModeTracker } from './terminal-modes.js';

export interface JoinOptions {
  /** See `shareFolder`. */
  readonly folder: string;
  readonly machine: Machine;
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  /** TERM, NO_COLOR and other variables for the shell. */
  readonly environment: Readonly<Record<string, string>>;
  readonly texts: JoinTexts;
  /** Default: this process's user. */
  readonly userId?: number;
  /** The time until the lesson has started the shell. Default: one minute, since it may restart its machines. */
  readonly startMilliseconds?: number;
}

/** What the terminal shows, in one line each. */
export interface JoinTexts {
  /** When the lesson's machines are new, above the first prompt of the shell on them. */
  readonly restarted: string;
  /** When the lesson has ended. */
  readonly lessonEnded: string;
}

/**
 * Opens a shell on a machine of the running lesson in this process's terminal. Returns the shell's exit code, or 0 if
 * the lesson ended first.
 * @throws KproxyError lesson-unavailable if there is no lesson, or it cannot open a shell
 */
export async function joinShell(options: JoinOptions): Promise<number> {
  const { folder, machine, stdin, stdout, environment, texts, startMilliseconds = 60_000 } = options;
  const socket = await connectToLesson(folder, options.userId ?? process.getuid?.() ?? 0);
  const modes = createModeTracker();
  try {
    const shell = openRemoteShell({
      socket,
      hello: { machine, size: sizeOf(stdout), environment },
      onRestart: () => `${modes.undo()}\r\n${texts.restarted}\r\n`,
      startMilliseconds,
    });
    await shell.started;
    const exitCode = await attachTerminal({
      stdin,
      stdout,
      openShell({ size, onOutput }) {
        // It may have changed since the hello.
        shell.resize(size);
        shell.onOutput(bytes => {
          modes.see(bytes);
          onOutput(bytes);
        });
        return shell;
      },
    });
    if (shell.hasLessonEnded()) stdout.write(`\n${texts.lessonEnded}\n`);
    return exitCode;
  } finally {
    socket.destroy();
  }
}

/** @throws KproxyError lesson-unavailable */
async function connectToLesson(folder: string, userId: number): Promise<Socket> {
  try {
    await checkShareFolder(folder, userId);
    return await connectSocket(socketPath(folder));
  } catch (error) {
    if (isMissing(error) || (error instanceof KproxyError && isMissing(error.cause))) throw noLesson(folder);
    if (error instanceof KproxyError) throw error;
    throw new KproxyError({
      code: 'lesson-unavailable',
      message: 'the running lesson cannot be reached',
      evidence: messageOf(error),
      cause: error,
    });
  }
}

/** Returns true if there is no socket, or no process serves it. */
const isMissing = (error: unknown): boolean => isCode(error, 'ENOENT') || isCode(error, 'ECONNREFUSED');

const noLesson = (folder: string): KproxyError =>
  new KproxyError({
    code: 'lesson-unavailable',
    message: 'no lesson of this user is running',
    evidence: `No process answers at ${socketPath(folder)}.`,
    advice: 'Start one in another terminal: kproxy tutorial.',
  });
