import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Creates files for reading and writing whose names are removed at once: no other user can open them, and none is left
 * behind if kproxy is killed. Returns their numbers.
 */
export function openUnnamedFiles(count: number): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-'));
  try {
    return Array.from({ length: count }, (_, index) => openUnnamedFile(join(folder, String(index))));
  } finally {
    rmdirSync(folder);
  }
}

function openUnnamedFile(path: string): number {
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

/** Closes files that are open. */
export function closeFiles(files: readonly number[]): void {
  for (const file of files) closeSync(file);
}

/** Returns a path by which this process can open an open file again, at its beginning. */
export const pathOfFile = (file: number): string => `/proc/self/fd/${file}`;
