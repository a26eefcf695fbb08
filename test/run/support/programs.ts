import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** A folder with programs that are found before all others. */
export interface Programs {
  readonly folder: string;
  /** Writes a shell script. */
  write(name: string, ...lines: readonly string[]): void;
}

/** Gives each test of a file an empty folder at the start of PATH. */
export function usePrograms(): Programs {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return {
    get folder() {
      return folder;
    },
    write: (name, ...lines) =>
      writeFileSync(join(folder, name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 }),
  };
}
