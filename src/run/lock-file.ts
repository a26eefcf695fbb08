import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, openSync, readlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolderPath, ownLockFolder } from './runtime-folder.js';

/** The lock files of a network namespace, to which everything that kproxy programs belongs. */
export interface LockPaths {
  readonly file: string;
  /** The file that kproxy locked before it had a folder. An older version may still hold it. */
  readonly formerFile: string;
}

export function lockPaths(): LockPaths {
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0] ?? 'host';
  return {
    file: join(lockFolderPath, namespace),
    formerFile: `/run/kproxy-${namespace}.lock`,
  };
}

const othersMayDoAnything = 0o077;

/**
 * Opens the lock file, and makes it if there is none. Only this user may open it: whoever can read a file can lock it.
 * @throws Error that says what is wrong with the file or its folder
 */
export function openLockFile({ file }: LockPaths): number {
  ownLockFolder();
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
  return checked(openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600), file);
}

/** Opens the lock file of an older kproxy. Returns undefined if there is none, or if other users may hold it. */
export function openFormerLockFile({ formerFile }: LockPaths): number | undefined {
  try {
    const file = openSync(formerFile, constants.O_RDWR | constants.O_NOFOLLOW);
    const { uid, mode } = fstatSync(file);
    if (uid === process.geteuid?.() && (mode & othersMayDoAnything) === 0) return file;
    closeSync(file);
    return undefined;
  } catch {
    return undefined;
  }
}

function checked(file: number, path: string): number {
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new Error(`${path} is not a file`);
    if (status.uid !== process.geteuid?.()) throw new Error(`${path} belongs to user ${status.uid}`);
    // Its folder belongs to this user, so no other one has opened it.
    if ((status.mode & othersMayDoAnything) !== 0) fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Writes into a locked file who holds it. A full disk is no reason not to work. */
export function writeHolder(file: number, holder: string): void {
  try {
    ftruncateSync(file);
    writeSync(file, `${holder}\n`, 0);
  } catch {
    // Then the processes that have the file open are named all the same.
  }
}
