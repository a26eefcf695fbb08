import type { Socket } from 'node:net';
import { KproxyError } from '../../errors.js';
import { hangUpExitCode } from '../../sandbox/command-events.js';
import { createDeferred } from '../../sandbox/deferred.js';
import { withinLimit } from '../../sandbox/time-limit.js';
import { visible } from '../../visible.js';
import type { Shell } from '../lab/lab.js';
import { createFrameReader, encodeFrames, type FrameType, ProtocolError } from './frames.js';
import { type Hello, helloText, sizeText } from './hello.js';

/** A shell in the lesson of another process. */
export interface RemoteShell extends Shell {
  /** Resolves once the shell runs. Rejects as `ended` does. */
  readonly started: Promise<void>;
  /** Passes output from now on to the function, first what came already. */
  onOutput(listener: (bytes: Uint8Array) => void): void;
  /** True if the shell ended because the lesson did. */
  hasLessonEnded(): boolean;
}

export interface RemoteShellOptions {
  readonly socket: Socket;
  readonly hello: Hello;
  /** Called when the machines are new and another shell runs. Returns what the terminal shows before its output. */
  readonly onRestart: () => string;
  /** The time until the lesson has started the shell. */
  readonly startMilliseconds: number;
}

/**
 * Asks the lesson at the other end of the socket for a shell. `ended` rejects with a KproxyError if the lesson reports
 * an error, disappears or does not keep to the protocol.
 */
export function openRemoteShell({ socket, hello, onRestart, startMilliseconds }: RemoteShellOptions): RemoteShell {
  const output = createOutput();
  const start = createDeferred<void>();
  const end = createDeferred<number>();
  let hasLessonEnded = false;
  const fail = (problem: string) => {
    end.reject(lost(problem));
    socket.destroy();
  };
  readFrames(socket, fail, {
    S: () => start.resolve(),
    O: payload => output.add(payload),
    R: () => output.add(Buffer.from(onRestart())),
    X: payload => end.resolve(payload[0] ?? 0),
    E: payload => fail(visible(payload.toString())),
    L: () => {
      hasLessonEnded = true;
      end.resolve(0);
    },
  });
  const send = (type: FrameType, payload?: Uint8Array | string) => {
    if (socket.writable) socket.write(encodeFrames(type, payload));
  };
  send('H', helloText(hello));
  const startedOrEnded = Promise.race([start.promise, end.promise.then(() => {})]);
  return {
    started: withinLimit(startedOrEnded, startMilliseconds, () => {
      throw lost(`The lesson did not start a shell within ${startMilliseconds / 1_000} s.`);
    }),
    ended: end.promise,
    hasLessonEnded: () => hasLessonEnded,
    onOutput: listener => output.to(listener),
    write: bytes => send('I', bytes),
    resize: size => send('W', sizeText(size)),
    hangUp: () => {
      end.resolve(hangUpExitCode);
      socket.end();
    },
  };
}

type FrameHandlers = Readonly<Partial<Record<FrameType, (payload: Buffer) => void>>>;

function readFrames(socket: Socket, fail: (problem: string) => void, handlers: FrameHandlers): void {
  const read = createFrameReader(({ type, payload }) => {
    const handle = handlers[type];
    if (handle === undefined) throw new ProtocolError(`a frame of the type ${type} is out of place`);
    handle(payload);
  });
  socket.on('data', chunk => {
    try {
      read(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      fail(`The lesson does not speak this version's protocol: ${error.message}.`);
    }
  });
  // The end of a socket that fails shows in its close.
  socket.on('error', () => {});
  socket.once('close', () => fail('The lesson closed the connection.'));
}

/** Keeps output until there is a listener. */
function createOutput() {
  let early: Uint8Array[] = [];
  let listener = (bytes: Uint8Array): void => void early.push(bytes);
  return {
    add: (bytes: Uint8Array) => listener(bytes),
    to(next: (bytes: Uint8Array) => void) {
      for (const bytes of early) next(bytes);
      early = [];
      listener = next;
    },
  };
}

const lost = (evidence: string): KproxyError =>
  new KproxyError({ code: 'lesson-unavailable', message: 'the shell in the lesson was lost', evidence });
