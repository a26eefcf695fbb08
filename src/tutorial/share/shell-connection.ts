import type { Socket } from 'node:net';
import { messageOf } from '../../errors.js';
import type { Shell, ShellOptions } from '../lab/lab.js';
import type { Machine } from '../machines.js';
import { createFrameReader, encodeFrames, type Frame, type FrameType, ProtocolError } from './frames.js';
import { type Hello, parseHello, parseSize } from './hello.js';

/** The lesson's side of a terminal that joined it. */
export interface ShellConnection {
  /** Called before new machines replace the present ones. The shell's end is then not that of the connection. */
  restarting(): void;
  /** Called when new machines run. The terminal gets a shell on them. */
  restarted(): void;
  /** Ends the shell and the connection, because the lesson ends. */
  endLesson(): void;
  /** Ends the shell and the connection, because of an error. */
  fail(problem: string): void;
  /** Resolves once the connection is closed. */
  readonly closed: Promise<void>;
}

export interface ShellConnectionOptions {
  readonly openShell: (machine: Machine, options: ShellOptions) => Shell;
  readonly isRestarting: boolean;
  readonly limits: ConnectionLimits;
}

export interface ConnectionLimits {
  /** The time until a terminal has said which machine it wants. */
  readonly helloMilliseconds: number;
  /** The time until the connection is closed after its last frame was sent. */
  readonly closeMilliseconds: number;
  /** The most output, in bytes, that a terminal may leave unread. */
  readonly unreadBytes: number;
}

/** Tells the output and the end of one shell from those of the next one. The shell is missing while it is opened. */
interface OpenedShell {
  shell?: Shell;
}

/** Serves one terminal. */
export function serveConnection(socket: Socket, options: ShellConnectionOptions): ShellConnection {
  return new Connection(socket, options);
}

class Connection implements ShellConnection {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #openShell: ShellConnectionOptions['openShell'];
  readonly #limits: ConnectionLimits;
  #isRestarting: boolean;
  #hello: Hello | undefined;
  #opened: OpenedShell | undefined;
  /** True once the terminal was told that a shell runs. */
  #hasStarted = false;
  readonly #timer: NodeJS.Timeout;

  constructor(socket: Socket, { openShell, isRestarting, limits }: ShellConnectionOptions) {
    this.#socket = socket;
    this.#openShell = openShell;
    this.#isRestarting = isRestarting;
    this.#limits = limits;
    const { helloMilliseconds } = limits;
    const onNoHello = () => this.fail(`no machine was named within ${helloMilliseconds / 1_000} s`);
    this.#timer = setTimeout(onNoHello, helloMilliseconds);
    const read = createFrameReader(frame => this.#onFrame(frame));
    socket.on('data', chunk => this.#guard(() => read(chunk)));
    // The end of a socket that fails shows in its close.
    socket.on('error', () => {});
    this.closed = new Promise(resolve => {
      socket.once('close', () => {
        this.#stop();
        resolve();
      });
    });
  }

  restarting(): void {
    this.#isRestarting = true;
  }

  restarted(): void {
    this.#isRestarting = false;
    this.#dropShell();
    this.#guard(() => this.#start());
  }

  endLesson(): void {
    this.#finish('L');
  }

  fail(problem: string): void {
    this.#finish('E', problem);
  }

  #onFrame({ type, payload }: Frame): void {
    if (this.#socket.writableEnded) return;
    if (this.#hello === undefined) this.#onHello(type, payload);
    else if (type === 'I') this.#opened?.shell?.write(payload);
    else if (type === 'W') this.#onSize(payload);
    else throw new ProtocolError(`a frame of the type ${type} is out of place`);
  }

  #onHello(type: FrameType, payload: Buffer): void {
    if (type !== 'H') throw new ProtocolError(`a frame of the type ${type} is out of place before the hello`);
    this.#hello = parseHello(payload);
    clearTimeout(this.#timer);
    if (!this.#isRestarting) this.#start();
  }

  #onSize(payload: Buffer): void {
    const size = parseSize(payload);
    if (this.#hello) this.#hello = { ...this.#hello, size };
    this.#opened?.shell?.resize(size);
  }

  #start(): void {
    if (this.#hello === undefined || this.#socket.writableEnded) return;
    const { machine, size, environment } = this.#hello;
    this.#send(this.#hasStarted ? 'R' : 'S');
    this.#hasStarted = true;
    const opened: OpenedShell = {};
    this.#opened = opened;
    const onOutput = (bytes: Uint8Array) => {
      if (this.#opened === opened) this.#onOutput(bytes);
    };
    opened.shell = this.#openShell(machine, { size, environment, onOutput });
    opened.shell.ended.then(
      exitCode => this.#onShellEnd(opened, () => this.#finish('X', Buffer.from([exitCode]))),
      error => this.#onShellEnd(opened, () => this.fail(messageOf(error))),
    );
  }

  #onShellEnd(opened: OpenedShell, report: () => void): void {
    if (this.#opened !== opened || this.#isRestarting) return;
    this.#opened = undefined;
    report();
  }

  #onOutput(bytes: Uint8Array): void {
    this.#send('O', bytes);
    const { unreadBytes } = this.#limits;
    if (this.#socket.writableLength <= unreadBytes) return;
    this.#stop();
    // A terminal that does not read would not read an error either.
    this.#socket.destroy();
  }

  /** Reports whatever the peer or the machines do wrong to the peer, and closes the connection. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(messageOf(error));
    }
  }

  #send(type: FrameType, payload?: Uint8Array | string): void {
    if (this.#socket.writable) this.#socket.write(encodeFrames(type, payload));
  }

  #finish(type: FrameType, payload?: Uint8Array | string): void {
    if (this.#socket.writableEnded) return;
    this.#stop();
    this.#send(type, payload);
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), this.#limits.closeMilliseconds);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#dropShell();
  }

  #dropShell(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.shell?.hangUp();
  }
}
