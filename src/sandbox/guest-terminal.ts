import { KproxyError } from '../errors.js';
import { type CommandEvents, exitCodeOf } from './command-events.js';
import { sendBytes } from './command-start.js';
import { type CommandLimits, startTimers } from './command-timers.js';
import { createDeferred } from './deferred.js';
import type { SendFrame } from './guest-line.js';
import type { Terminal, TerminalSize } from './sandbox.js';

/** The host's side of a command on a terminal: passes what the guest sends for it on. */
export interface GuestTerminal extends Terminal, CommandEvents {}

export interface GuestTerminalOptions extends CommandLimits {
  readonly argv: readonly string[];
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Sends a frame for this command. */
  readonly send: SendFrame;
}

export function createGuestTerminal({ argv, onOutput, send, ...limits }: GuestTerminalOptions): GuestTerminal {
  const { promise: ended, resolve, reject } = createDeferred<{ exitCode: number; timedOut: boolean }>();
  const timers = startTimers(limits, {
    kill: () => send('K', 'KILL'),
    onNoEnd: problem => lose(new KproxyError({ code: 'sandbox-failed', message: `${argv.join(' ')} ${problem}` })),
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
      resolve({ exitCode: exitCodeOf(exitCode, signal), timedOut: timers.timedOut() });
    },
    onLost: lose,
  };
}

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
