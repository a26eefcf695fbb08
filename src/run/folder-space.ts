import { accessSync, constants, statfsSync } from 'node:fs';
import { isCode } from './error-code.js';

/** What a folder has room for. */
export interface FreeSpace {
  readonly freeBytes: number;
  /** Undefined if the file system does not limit the number of files. */
  readonly freeFiles: number | undefined;
  /** False if the file system is read-only. */
  readonly isWritable: boolean;
}

/**
 * Reads how much space a folder has.
 * @throws Error of the system if there is no such folder
 */
export function readFreeSpace(folder: string): FreeSpace {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  return { freeBytes: bavail * bsize, freeFiles: files === 0 ? undefined : ffree, isWritable: isWritable(folder) };
}

/** A folder that only another user may write to is no fault of its file system. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    return !isCode(error, 'EROFS');
  }
}
