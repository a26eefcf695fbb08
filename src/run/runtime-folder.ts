import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isCode } from './error-code.js';

/** The folder for what root's processes share while the machine runs. */
export const runtimeFolderPath = '/run/kproxy';
/** The folder of the locks. Only root may open what is in it. */
export const lockFolderPath = join(runtimeFolderPath, 'lock');

const othersMayWrite = 0o022;
const othersMayDoAnything = 0o077;

/**
 * Makes the folder that root's processes share, or checks the one that is there.
 * @throws Error that says what is wrong with it
 */
export const ownRuntimeFolder = (): string => ownFolder(runtimeFolderPath, 0o755, othersMayWrite);

/**
 * Makes the folder of the locks, or checks the one that is there.
 * @throws Error that says what is wrong with it
 */
export function ownLockFolder(): string {
  ownRuntimeFolder();
  return ownFolder(lockFolderPath, 0o700, othersMayDoAnything);
}

function ownFolder(path: string, mode: number, forbidden: number): string {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  const problem = folderProblem(path, process.geteuid?.() ?? 0, forbidden);
  if (problem !== undefined) throw new Error(problem);
  return path;
}

/** Returns true if a folder is there that only root may use. False if that cannot be seen from here. */
export const isLockFolderReady = (): boolean => {
  try {
    return folderProblem(lockFolderPath, 0, othersMayDoAnything) === undefined;
  } catch {
    return false;
  }
};

/** Returns what is wrong with a folder that must belong to a user. Follows no link. */
function folderProblem(path: string, owner: number, forbidden: number): string | undefined {
  const status = lstatSync(path);
  if (!status.isDirectory()) return `${path} is not a folder`;
  if (status.uid !== owner) return `${path} belongs to user ${status.uid}`;
  if ((status.mode & forbidden) !== 0) return `other users may use ${path} (mode ${(status.mode & 0o777).toString(8)})`;
  return undefined;
}
