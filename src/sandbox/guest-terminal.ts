import { KproxyError } from '../errors.js';
import { type CommandEvents, exitCodeOf } from './command-events.js';
import { sendBytes } from './command-start.js';
import { startTimers } from './command-timers.js';
import { createDeferred } from './deferred.js';
import type { SendFrame } from './guest-line.js';
import type { Terminal, TerminalSize } from './sandbox.js';

/** The host's side of a command on a terminal: passes what the guest sends for it on. */
export interface GuestTerminal extends Terminal, CommandEvents {}

export interface GuestTerminalOptions {
  readonly argv: readonly string[];
  /** See `CommandOptions`. */
  readonly timeoutMilliseconds: number | undefined;
  /** The limit for the end of a command after it was killed or hung up. */
  readonly waitMilliseconds: number;
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Sends a frame for this command. */
  readonly send: SendFrame;
}

export function createGuestTerminal({
  argv,
  timeoutMilliseconds,
  waitMilliseconds,
  onOutput,
  send,
}: GuestTerminalOptions): GuestTerminal {
  const { promise: ended, resolve, reject } = createDeferred<{ exitCode: number; timedOut: boolean }>();
  let timedOut = false;
  const timers = startTimers(timeoutMilliseconds, waitMilliseconds, {
    onTimeout: () => {
      timedOut = true;
      send('K', 'KILL');
    },
    onNoEnd: () => lose(notEnded(argv, waitMilliseconds)),
  });
  const lose = (error: Error) => {
    timers.stop();
    reject(error);
  };
  return {
    ended,
    write: bytes => sendBytes(send, bytes),
    resize: size => send('W', sizePayload(size)),
    hangUp: () => {
      send('H');
      timers.expectEnd();
    },
    onOutput,
    onErrorOutput: onOutput,
    onExit: (exitCode, signal) => {
      timers.stop();
      resolve({ exitCode: exitCodeOf(exitCode, signal), timedOut });
    },
    onLost: lose,
  };
}

const notEnded = (argv: readonly string[], waitMilliseconds: number): KproxyError =>
  new KproxyError({
    code: 'sandbox-failed',
    message: `${argv.join(' ')} did not end within ${waitMilliseconds / 1_000} s of SIGKILL in the sandbox`,
  });

/** The most columns or rows that a terminal can have. */
const largestSize = 65_535;

const fitting = (count: number): number => Math.min(Math.max(Math.trunc(count) || 0, 0), largestSize);

/** Returns the size in words: `80 24`. 0 means that it is unknown. */
export const sizeWords = ({ columns, rows }: TerminalSize): string => `${fitting(columns)} ${fitting(rows)}`;

function sizePayload({ columns, rows }: TerminalSize): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt16BE(fitting(columns), 0);
  payload.writeUInt16BE(fitting(rows), 2);
  return payload;
}
