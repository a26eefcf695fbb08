import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../node/access.js';

/**
 * The files that are a tool's input, output and errors, by their numbers. Their names are removed at once: no other
 * user can open them, and none is left behind if kproxy is killed.
 */
export interface ToolFiles {
  readonly input: number;
  readonly output: number;
  readonly errors: number;
}

export function openToolFiles(): ToolFiles {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-'));
  const open = (name: string): number => openUnnamedFile(join(folder, name));
  try {
    return { input: open('input'), output: open('output'), errors: open('errors') };
  } finally {
    rmdirSync(folder);
  }
}

function openUnnamedFile(path: string): number {
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

/** Writes what a tool reads, from the beginning of its input. */
export const writeInput = ({ input }: ToolFiles, text: string): void => writeFileSync(pathOfFile(input), text);

/** Returns everything that a tool printed. */
export const readOutput = ({ output, errors }: ToolFiles): Pick<CommandResult, 'stdout' | 'stderr'> => ({
  stdout: readFileSync(pathOfFile(output), 'utf8'),
  stderr: readFileSync(pathOfFile(errors), 'utf8'),
});

export function closeToolFiles({ input, output, errors }: ToolFiles): void {
  for (const file of [input, output, errors]) closeSync(file);
}

/** Returns a path by which this process can open an open file again, at its beginning. */
const pathOfFile = (file: number): string => `/proc/self/fd/${file}`;
