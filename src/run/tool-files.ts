import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  statfsSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../node/access.js';

/**
 * The files that are a tool's input, output and errors, by their numbers. They have no names: no other user can open
 * them, and none is left behind if kproxy is killed.
 */
export interface ToolFiles {
  /** The folder of the file system that they are on. */
  readonly folder: string;
  readonly input: number;
  readonly output: number;
  readonly errors: number;
}

/** Files in memory are faster than on a disk. An ordinary user cannot fill /run. */
export const toolFileParents = (): readonly string[] => ['/run', '/dev/shm', tmpdir()];

/** In bytes. More than the tools print of a node with ten thousand Services. */
const enough = 2 ** 25;
/** In bytes. With less left, what a tool has printed may be incomplete. */
const left = 2 ** 20;

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/**
 * Opens files for a tool and writes its input. Returns undefined if that is not possible, or not safe: a file system
 * that is full would cut off what the tool prints.
 */
export function openToolFiles(input: string): ToolFiles | undefined {
  for (const folder of toolFileParents()) {
    const files = openedIn(folder);
    if (files === undefined) continue;
    if (writeInput(files, input)) return files;
    closeToolFiles(files);
  }
  return undefined;
}

function openedIn(folder: string): ToolFiles | undefined {
  const opened: number[] = [];
  try {
    for (let count = 0; count < 3; count += 1) opened.push(openUnnamedFile(folder));
    const [input = -1, output = -1, errors = -1] = opened;
    return { folder, input, output, errors };
  } catch {
    for (const file of opened) closeSync(file);
    return undefined;
  }
}

/** O_TMPFILE of open(2), which Node does not know. A file system without it answers EISDIR or EOPNOTSUPP. */
const unnamed = 0o20000000 | constants.O_DIRECTORY;

function openUnnamedFile(folder: string): number {
  try {
    return openSync(folder, constants.O_RDWR | unnamed, 0o600);
  } catch {
    return openAndRemove(folder);
  }
}

/** Of the folder in which a file is made that cannot be made without a name. */
export const toolFolderPrefix = 'kproxy-tool-';
export const toolFileName = 'file';

function openAndRemove(parent: string): number {
  const folder = mkdtempSync(join(parent, toolFolderPrefix));
  try {
    const file = openSync(join(folder, toolFileName), 'wx+', 0o600);
    unlinkSync(join(folder, toolFileName));
    return file;
  } finally {
    rmdirSync(folder);
  }
}

/** Writes what a tool reads. Returns false if that, or what the tool may print, does not fit. */
export function writeInput({ input, folder }: ToolFiles, text: string): boolean {
  try {
    writeFileSync(pathOfFile(input), text);
    return freeBytes(folder) >= enough;
  } catch {
    return false;
  }
}

/** Returns everything that a tool printed, or undefined if it may be incomplete because the file system was full. */
export function readOutput(files: ToolFiles): Pick<CommandResult, 'stdout' | 'stderr'> | undefined {
  const { output, errors, folder } = files;
  const printed = fstatSync(output).size > 0 || fstatSync(errors).size > 0;
  if (printed && freeBytes(folder) < left) return undefined;
  return { stdout: readFileSync(pathOfFile(output), 'utf8'), stderr: readFileSync(pathOfFile(errors), 'utf8') };
}

export function closeToolFiles({ input, output, errors }: ToolFiles): void {
  for (const file of [input, output, errors]) closeSync(file);
}

/** Returns a path by which this process can open an open file again, at its beginning. */
const pathOfFile = (file: number): string => `/proc/self/fd/${file}`;
