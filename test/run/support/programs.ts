import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { useToolPath } from '../../../src/run/tool-path.js';

/** A folder with programs that are found before all others. */
export interface Programs {
  readonly folder: string;
  /** Writes a shell script. */
  write(name: string, ...lines: readonly string[]): void;
}

/** Gives each test of a file an empty folder, in which tools are found first. */
export function usePrograms(): Programs {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
    useToolPath([folder]);
  });
  afterEach(() => {
    useToolPath([]);
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
