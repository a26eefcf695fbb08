import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Opens files that have no names any more: nobody else can open them, and none is left behind. Gives their numbers. */
export function openTemporaryFiles(count: number): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-'));
  try {
    return Array.from({ length: count }, (_, index) => openWithoutName(join(folder, String(index))));
  } finally {
    rmdirSync(folder);
  }
}

function openWithoutName(path: string): number {
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

export function closeFiles(files: readonly number[]): void {
  for (const file of files) closeSync(file);
}

/** Another opening of an open file, at its beginning. */
export const pathOfFile = (file: number): string => `/proc/self/fd/${file}`;
