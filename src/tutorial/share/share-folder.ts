import { lstatSync } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { KproxyError } from '../../errors.js';
import { isCode } from '../../run/error-code.js';

/** The kernel takes no longer path of a socket, in bytes. */
const longestSocketPath = 107;

export interface ShareSurroundings {
  /** The variables of this process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly temporaryFolder: string;
  readonly userId: number;
}

/**
 * Returns the folder in which lessons of this user offer their machines: below XDG_RUNTIME_DIR if that is a folder of
 * this user, else below the folder for temporary files. Creates nothing.
 */
export function shareFolder({ environment, temporaryFolder, userId }: ShareSurroundings): string {
  const runtime = environment.XDG_RUNTIME_DIR ?? '';
  const folder = join(runtime, 'kproxy');
  // After `su` the variable may still name the folder of the user before.
  if (isAbsolute(runtime) && isFolderOf(runtime, userId) && fits(socketPath(folder))) return folder;
  return join(temporaryFolder, `kproxy-${userId}`);
}

export const socketPath = (folder: string): string => join(folder, 'tutorial.sock');

const fits = (path: string): boolean => Buffer.byteLength(path) <= longestSocketPath;

function isFolderOf(path: string, userId: number): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === userId;
}

/**
 * Creates the folder if it is missing.
 * @throws KproxyError lesson-unavailable if the folder cannot be used, or others could
 */
export async function createShareFolder(folder: string, userId: number): Promise<void> {
  checkLength(folder);
  await mkdir(folder, { mode: 0o700 }).catch(error => {
    if (!isCode(error, 'EEXIST')) throw unusable(folder, error.message);
  });
  await checkShareFolder(folder, userId);
}

/**
 * Checks that only this user can have put something into the folder. A folder of someone else, below one where everyone
 * may write, would be told what is typed.
 * @throws KproxyError lesson-unavailable
 */
export async function checkShareFolder(folder: string, userId: number): Promise<void> {
  checkLength(folder);
  const stats = await lstat(folder).catch(error => {
    throw unusable(folder, error.message, error);
  });
  if (!stats.isDirectory()) throw unusable(folder, 'It is not a folder.');
  if (stats.uid !== userId) throw unusable(folder, `It belongs to the user ${stats.uid}.`);
  if ((stats.mode & 0o077) !== 0) throw unusable(folder, `Other users may use it: its mode is ${octal(stats.mode)}.`);
}

function checkLength(folder: string): void {
  if (!fits(socketPath(folder))) throw unusable(folder, `The path of a socket has at most ${longestSocketPath} bytes.`);
}

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, '0');

const unusable = (folder: string, evidence: string, cause?: unknown): KproxyError =>
  new KproxyError({
    code: 'lesson-unavailable',
    message: `the folder ${folder} cannot be used to share shells`,
    evidence,
    advice: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
    cause,
  });
