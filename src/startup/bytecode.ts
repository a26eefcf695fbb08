import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';

/** A folder of the program's scripts, and the build that wrote them. */
export interface Build {
  readonly folder: string;
  readonly id: string;
}

/**
 * Returns the path of a part's bytecode for this Node. V8 itself rejects bytecode of another version, but of the source
 * it compares only the length: the name keeps bytecode of an earlier build away from its successor.
 */
export const bytecodePath = ({ folder, id }: Build, part: string): string =>
  join(folder, `${part}.${id}-${process.arch}-${process.versions.v8}.bytecode`);

export function readBytecode(build: Build, part: string): Buffer | undefined {
  try {
    return readFileSync(bytecodePath(build, part));
  } catch {
    return undefined;
  }
}

/** Writes the bytecode of all functions of a script that V8 has compiled by now. */
export function writeBytecode(build: Build, part: string, script: Script): void {
  const path = bytecodePath(build, part);
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, script.createCachedData(), { flag: 'wx', mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
