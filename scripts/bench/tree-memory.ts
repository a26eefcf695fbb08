import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { descendantsOf, readProcFile } from '../../src/run/process-table.js';

/**
 * Returns the memory of a process and all that it has started, in mebibytes: of memory that several of them share, each
 * counts its share. The memory of a User-Mode Linux kernel is a file that is deleted already, and counts by its size:
 * the kernel has helpers with the same mappings (`CLONE_VM`), and Linux takes them all for one user of these.
 */
export function treeMemory(process: number): number {
  const processes = [process, ...descendantsOf(process)];
  const files = new Map(processes.flatMap(deletedFiles));
  const inFiles = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  return processes.reduce((sum, one) => sum + ownShare(one), 0) / 1_024 + inFiles / 2 ** 20;
}

/** Returns the memory of a process in kibibytes, without that in shared files. 0 if it has ended. */
function ownShare(process: number): number {
  const text = readProcFile(`${process}/smaps_rollup`);
  const share = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return share('Pss') - share('Pss_Shmem');
}

/** Returns the size on disk of each file that a process has open although it is deleted, by the file's number. */
function deletedFiles(process: number): readonly (readonly [number, number])[] {
  const folder = `/proc/${process}/fd`;
  try {
    return readdirSync(folder)
      .filter(name => /^\/.* \(deleted\)$/.test(readlinkSync(`${folder}/${name}`)))
      .map(name => statSync(`${folder}/${name}`))
      .map(({ ino, blocks }) => [ino, blocks * 512] as const);
  } catch {
    // The process has ended.
    return [];
  }
}
