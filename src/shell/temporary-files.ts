import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Opens files that have no names any more: nobody else can open them, and none is left behind. Gives their numbers. */
export function openTemporaryFiles(count: number): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-'));
  try {
    return Array.from({ length: count }, (_, index) => openSync(join(folder, String(index)), 'wx+', 0o600));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function closeFiles(files: readonly number[]): void {
  for (const file of files) closeSync(file);
}

/** Another opening of an open file, at its beginning. */
export const pathOfFile = (file: number): string => `/proc/self/fd/${file}`;
