import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';

/** A folder of the program's scripts, and the build that wrote them. */
export interface Build {
  readonly folder: string;
  readonly id: string;
}

/** A script and the text that it was compiled from. */
export interface CompiledSource {
  readonly script: Script;
  readonly source: Buffer;
}

/** A file of bytecode ends with a checksum of the source and the bytecode. */
const checksumBytes = 4;

/** Returns the path of a part's bytecode for this Node and this build. V8 itself rejects bytecode of other flags. */
export const bytecodePath = ({ folder, id }: Build, part: string): string =>
  join(folder, `${part}.${id}-${process.arch}-${process.versions.v8}.bytecode`);

/**
 * Returns the bytecode of exactly this source, undamaged, or undefined if there is none. V8 compares only the length of
 * the source and of the bytecode: it would run an earlier version of a source that was changed in place, and whatever a
 * disk has made of the bytecode.
 */
export function readBytecode(build: Build, part: string, source: Buffer): Buffer | undefined {
  try {
    const file = readFileSync(bytecodePath(build, part));
    const bytecode = file.subarray(0, -checksumBytes);
    return file.readUInt32LE(bytecode.length) === checksum(source, bytecode) ? bytecode : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Node's cheapest checksum costs 2 ms, a cryptographic one 5. Who may write to the folder may change the program
 * itself, so there is nothing to gain by a forged one. Nodes before 20.15 have none, and compile.
 */
function checksum(source: Buffer, bytecode: Buffer): number {
  const { crc32 }: typeof import('node:zlib') = require('node:zlib');
  return crc32(bytecode, crc32(source));
}

/** Writes the bytecode of all functions of a script that V8 has compiled by now. */
export function writeBytecode(build: Build, part: string, { script, source }: CompiledSource): void {
  const path = bytecodePath(build, part);
  const temporary = `${path}.${process.pid}`;
  try {
    const bytecode = script.createCachedData();
    const end = Buffer.alloc(checksumBytes);
    end.writeUInt32LE(checksum(source, bytecode));
    writeFileSync(temporary, Buffer.concat([bytecode, end]), { flag: 'wx', mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
