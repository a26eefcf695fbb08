import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isClusterFile } from '../input-files.js';

/** What is visible of files without reading them. */
export interface FileStates {
  /** By path. A file has the same text as long as it does not change; a path that cannot be examined has its error. */
  readonly states: ReadonlyMap<string, string>;
  /**
   * The folders in which changes happen: the given ones, and those above in which files are replaced and appear. The
   * value is the folder's identity, which differs if another folder takes its place.
   */
  readonly folders: ReadonlyMap<string, string>;
}

/**
 * Examines the paths that `readClusterFiles` would read: files, and folders with their subfolders. It is synchronous,
 * so a read that begins after it cannot miss a change that came before it.
 */
export function fileStates(paths: readonly string[]): FileStates {
  const states = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const path of paths) {
    addNearestFolder(dirname(path), folders);
    const status = addState(path, states);
    if (status?.isDirectory() === true) addFolder(path, status, states, folders);
  }
  return { states, folders };
}

function addFolder(
  folder: string,
  status: BigIntStats,
  states: Map<string, string>,
  folders: Map<string, string>,
): void {
  folders.set(folder, identityOf(status));
  for (const entry of entriesOf(folder, states)) {
    const path = join(folder, entry.name);
    const entryStatus = entry.isDirectory() || isClusterFile(entry.name) ? addState(path, states) : undefined;
    if (entry.isDirectory() && entryStatus !== undefined) addFolder(path, entryStatus, states, folders);
  }
}

/** A file system may reuse the inode number of a removed folder, but not its time of birth. */
const identityOf = ({ dev, ino, birthtimeNs }: BigIntStats): string => [dev, ino, birthtimeNs].join(' ');

function entriesOf(folder: string, states: Map<string, string>) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    states.set(folder, String((error as NodeJS.ErrnoException).code));
    return [];
  }
}

function addState(path: string, states: Map<string, string>): BigIntStats | undefined {
  try {
    const status = statSync(path, { bigint: true });
    states.set(path, status.isDirectory() ? 'folder' : fileState(status));
    return status;
  } catch (error) {
    states.set(path, String((error as NodeJS.ErrnoException).code));
    return undefined;
  }
}

/** The change time moves even if a tool restores the modification time, as `cp -p` and `tar` do. */
const fileState = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');

/** Adds the folder, or the nearest one above in which it would appear. */
function addNearestFolder(folder: string, folders: Map<string, string>): void {
  const status = statusOf(folder);
  if (status?.isDirectory() === true) folders.set(folder, identityOf(status));
  else if (dirname(folder) !== folder) addNearestFolder(dirname(folder), folders);
}

function statusOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
