import { Readable } from 'node:stream';

/** The standard input, as far as it is needed. */
export interface KeyboardInput {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'end' | 'error', listener: () => void): unknown;
  removeListener(event: 'data', listener: (bytes: Buffer) => void): unknown;
  removeListener(event: 'end' | 'error', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * Passes what is typed to a line editor, one line at a time. What is typed meanwhile, such as the further lines of a
 * paste, is kept for the next line.
 */
export interface Keyboard {
  /** What the line editor reads. */
  readonly stream: Readable;
  /** Lets the editor read one line. Leaves out empty lines that were typed before, unless they count. */
  passLine(countsEmptyLines: boolean): void;
  /** Keeps what is typed from now on. Calls back for Ctrl-C, which also drops what was kept. */
  hold(onInterrupt: () => void): void;
  /** Leaves the input to another reader, until `passLine` or `hold`. */
  release(): void;
}

const ctrlC = 3;
/** Ctrl-D and Ctrl-Z mean the command that runs. At the next prompt they would end or stop the lesson. */
const forCommands = new Set([4, 26]);

export function createKeyboard(input: KeyboardInput): Keyboard {
  let kept = Buffer.alloc(0);
  let onInterrupt: (() => void) | undefined;
  let isPassing = false;
  let hasEnded = false;
  const stream = editorStream(input);

  function pass(): void {
    const end = endOfLine(kept);
    const line = kept.subarray(0, end ?? kept.length);
    kept = kept.subarray(line.length);
    if (end !== undefined) isPassing = false;
    for (const key of keysOf(line)) stream.push(key);
    if (hasEnded && end === undefined) stream.push(null);
  }
  function onData(bytes: Buffer): void {
    if (isPassing) {
      kept = Buffer.concat([kept, bytes]);
      pass();
    } else keep(bytes);
  }
  function keep(bytes: Buffer): void {
    const isInterrupted = bytes.includes(ctrlC);
    const rest = bytes.subarray(bytes.lastIndexOf(ctrlC) + 1).filter(byte => !forCommands.has(byte));
    kept = Buffer.concat([...(isInterrupted ? [] : [kept]), rest]);
    if (isInterrupted) onInterrupt?.();
  }
  function onEnd(): void {
    hasEnded = true;
    if (isPassing) pass();
  }
  let isListening = false;
  function listen(): void {
    if (isListening) return;
    isListening = true;
    input.on('data', onData);
    input.on('end', onEnd);
    // A terminal that is gone can no longer be read.
    input.on('error', onEnd);
    input.resume();
  }
  return {
    stream,
    passLine(countsEmptyLines) {
      onInterrupt = undefined;
      isPassing = true;
      if (!countsEmptyLines) kept = kept.subarray(lengthOfEmptyLines(kept));
      listen();
      if (kept.length > 0 || hasEnded) pass();
    },
    hold(callback) {
      isPassing = false;
      onInterrupt = callback;
      listen();
    },
    release() {
      isListening = false;
      kept = Buffer.alloc(0);
      input.pause();
      input.removeListener('data', onData);
      input.removeListener('end', onEnd);
      input.removeListener('error', onEnd);
    },
  };
}

/** Taking a line apart that is much longer would take the editor seconds. */
const longestTyped = 1_000;

/**
 * Returns the characters of what is typed. Node's line editor inserts a chunk of several characters at the end of the
 * line, wherever the cursor is, and an input method sends several at once.
 */
function keysOf(bytes: Buffer): readonly Buffer[] {
  if (bytes.length > longestTyped) return [bytes];
  const starts = [...bytes.keys()].filter(index => ((bytes[index] ?? 0) & 0xc0) !== 0x80 || index === 0);
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}

/** Returns a stream that sets the mode of the real input, as the line editor expects of a terminal. */
function editorStream(input: KeyboardInput): Readable {
  const stream = new Readable({ read() {} });
  if (input.isTTY !== true) return stream;
  const setRawMode = (isRaw: boolean) => {
    input.setRawMode?.(isRaw);
    Object.assign(stream, { isRaw });
    return stream;
  };
  return Object.assign(stream, { isTTY: true, isRaw: false, setRawMode });
}

const [lineFeed, carriageReturn] = [10, 13];

/** Returns the length of the first line with its end. */
function endOfLine(bytes: Buffer): number | undefined {
  const end = bytes.findIndex(byte => byte === lineFeed || byte === carriageReturn);
  if (end < 0) return undefined;
  return end + (bytes[end] === carriageReturn && bytes[end + 1] === lineFeed ? 2 : 1);
}

function lengthOfEmptyLines(bytes: Buffer): number {
  const begin = bytes.findIndex(byte => byte !== lineFeed && byte !== carriageReturn);
  return begin < 0 ? bytes.length : begin;
}
