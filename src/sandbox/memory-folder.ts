import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/**
 * Where the guest's memory may lie: a file, deleted as soon as it is open, whose pages the guest also executes. Memory itself is best. Container
 * engines give little of it in /dev/shm, and forbid to execute what is there; then the folder for temporary files serves.
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

/** Whether a mount point is mounted `noexec`, in the text of /proc/self/mounts. The last line for it counts. */
export function forbidsExecution(mounts: string, mountPoint: string): boolean {
  const options = mounts
    .split('\n')
    .map(line => line.split(' '))
    .filter(fields => fields[1] === mountPoint)
    .at(-1)?.[3];
  return options?.split(',').includes('noexec') ?? false;
}
