import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Nobody else may look into it. */
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'kproxy-'));

/** Opens files that have no names any more: nobody else can open them, and none is left behind. Gives their numbers. */
export function openTemporaryFiles(count: number): readonly number[] {
  const folder = newFolder();
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

/** A file that another program finds by its path, for as long as it needs one. */
export interface NamedFile {
  readonly path: string;
  readonly remove: () => void;
}

export function writeTemporaryFile(name: string, text: string): NamedFile {
  const folder = newFolder();
  const path = join(folder, name);
  writeFileSync(path, text, { flag: 'wx' });
  return {
    path,
    remove: () => {
      unlinkSync(path);
      rmdirSync(folder);
    },
  };
}
