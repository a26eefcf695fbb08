import { writeFileSync } from 'node:fs';

/**
 * Leaves all memory out of core dumps of this process, and of kubectl and the tools that it starts: it may hold tokens,
 * and whoever collects core dumps should not read the cluster. Such a dump still has
 * the registers and the command line. The kernel passes the setting on to what a process starts (core(5)).
 * Does nothing where there is no such setting, which is outside Linux and in a kernel without core dumps.
 * @param path the file of the kernel
 */
export function hideMemory(path = '/proc/self/coredump_filter'): void {
  try {
    writeFileSync(path, '0');
  } catch {
    // Nothing else depends on it.
  }
}
