import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { withinTime } from '../run/within-time.js';

export interface ReadLimits {
  /** In bytes. */
  readonly size: number;
  /** How long a pipe may stay silent, since another program has to write to it. In milliseconds. */
  readonly time: number;
}

/** In bytes: about the longest text that V8 can hold. */
const largestInput = 500_000_000;

const usualLimits: ReadLimits = { size: largestInput, time: 60_000 };

/**
 * Reads a file that the user names, or that is in a folder which the user names, as UTF-8. A pipe
 * (`<(kubectl get ...)`) is read to its end. Devices are refused, and so is all that does not end within the limits.
 * @throws the error of the file system, or an Error whose message is the reason (`it is a device`)
 */
export async function readInput(path: string, limits: Partial<ReadLimits> = {}): Promise<string> {
  const { size, time } = { ...usualLimits, ...limits };
  const status = statSync(path);
  refuseUnusable(status, size);
  return (status.isFIFO() ? await readPipe(path, { size, time }) : readAtOnce(path, size)).toString('utf8');
}

function refuseUnusable(status: Stats, size: number): void {
  if (status.isCharacterDevice() || status.isBlockDevice()) throw new Error('it is a device');
  if (status.isSocket()) throw new Error('it is a socket');
  if (status.isDirectory()) throw new Error('it is a folder');
  if (status.size > size) throw tooLarge(size);
}

const tooLarge = (size: number): Error => new Error(`it is larger than ${size / 1_000_000} MB`);
const neverEnds = (): Error => new Error('it does not end');

/**
 * Reads a regular file without libuv's threads, which a process near its limit of processes cannot start: libuv aborts
 * then. The kernel's own files (/proc/kmsg) count as regular and may wait for more for ever, so the file is opened as
 * one that does not wait; for a file on a disk this makes no difference.
 */
function readAtOnce(path: string, size: number): Buffer {
  const file = openSync(path, withoutWaiting);
  try {
    // Another file may have taken the place of the one that was looked at.
    const status = fstatSync(file);
    refuseUnusable(status, size);
    if (status.isFIFO()) throw new Error('it became a pipe');
    return readToEnd(file, status.size, size);
  } finally {
    closeSync(file);
  }
}

const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

const smallestRead = 65_536;

/** Reads in one piece what has the size that it should have: one that grows meanwhile has more. */
function readToEnd(file: number, expected: number, limit: number): Buffer {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(Math.max(smallestRead, expected + 1 - total));
    const read = readNow(file, part);
    if (read === 0) return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    parts.push(part.subarray(0, read));
    total += read;
    if (total > limit) throw tooLarge(limit);
  }
}

function readNow(file: number, part: Buffer): number {
  try {
    return readSync(file, part);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EAGAIN' ? neverEnds() : error;
  }
}

/**
 * Reads a pipe through the event loop. A thread that waits for one would keep the process from ending, and a process
 * near its limit of processes from starting it.
 */
async function readPipe(path: string, { size, time }: ReadLimits): Promise<Buffer> {
  // Loaded only for a pipe: it takes as long to load as a short command runs.
  const { Socket } = await import('node:net');
  const pipe = new Socket({ fd: openSync(path, withoutWaiting), readable: true, writable: false });
  try {
    const content = await withinTime(readAll(pipe, size), time);
    if (content === 'late') throw new Error(`nothing has written all of it within ${time / 1_000} s`);
    return content;
  } finally {
    pipe.destroy();
  }
}

/** @throws an Error whose message is the reason if there are more bytes than that */
export async function readAll(parts: AsyncIterable<Buffer>, limit: number = largestInput): Promise<Buffer> {
  const read: Buffer[] = [];
  let total = 0;
  for await (const part of parts) {
    read.push(part);
    total += part.length;
    if (total > limit) throw tooLarge(limit);
  }
  return Buffer.concat(read);
}
