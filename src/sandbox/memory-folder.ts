import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/**
 * Returns the folder for the file that is the guest's memory. The file is deleted as soon as it is open, and the guest
 * executes code in it. /dev/shm is fastest. Container engines often give it little space or mount it noexec; the folder
 * for temporary files is used then.
 */
export async function memoryFolder(memoryMegabytes: number): Promise<string> {
  const sharedMemory = '/dev/shm';
  try {
    await access(sharedMemory, constants.W_OK);
    const { bavail, bsize } = await statfs(sharedMemory);
    const mounts = await readFile('/proc/self/mounts', 'utf8');
    const usable = bavail * bsize >= memoryMegabytes * 2 ** 20 && !forbidsExecution(mounts, sharedMemory);
    return usable ? sharedMemory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Returns true if /proc/self/mounts (its text) has the mount point as `noexec`. The last line for it counts. */
export function forbidsExecution(mounts: string, mountPoint: string): boolean {
  const options = mounts
    .split('\n')
    .map(line => line.split(' '))
    .filter(fields => fields[1] === mountPoint)
    .at(-1)?.[3];
  return options?.split(',').includes('noexec') ?? false;
}
