import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What can be seen of files without reading them. */
export interface FileStates {
  /** By path; equal texts for files that nobody changed. A path that cannot be looked at has the error as its state. */
  readonly states: ReadonlyMap<string, string>;
  /**
   * Where changes of them show: the folders themselves, and the ones above, in which files are replaced and appear. The
   * value tells a folder from another that took its place.
   */
  readonly folders: ReadonlyMap<string, string>;
}

/**
 * Looks at the paths that `readClusterFiles` would read: files, and folders with their sub-folders. Synchronous, so that a
 * reading that begins after it cannot miss a change that came before it.
 */
export function fileStates(paths: readonly string[]): FileStates {
  const states = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const path of paths) {
    addNearestFolder(dirname(path), folders);
    const status = stateOf(path, states);
    if (status?.isDirectory() === true) addFolder(path, status, states, folders);
  }
  return { states, folders };
}

const isClusterFile = (name: string): boolean => /\.(json|ya?ml)$/.test(name);

function addFolder(
  folder: string,
  status: BigIntStats,
  states: Map<string, string>,
  folders: Map<string, string>,
): void {
  folders.set(folder, identityOf(status));
  for (const entry of entriesOf(folder, states)) {
    const path = join(folder, entry.name);
    const below = entry.isDirectory() || isClusterFile(entry.name) ? stateOf(path, states) : undefined;
    if (entry.isDirectory() && below !== undefined) addFolder(path, below, states, folders);
  }
}

/** A file system gives the number of a folder that is gone to the next one, but not its time of birth. */
const identityOf = ({ dev, ino, birthtimeNs }: BigIntStats): string => [dev, ino, birthtimeNs].join(' ');

function entriesOf(folder: string, states: Map<string, string>) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    states.set(folder, String((error as NodeJS.ErrnoException).code));
    return [];
  }
}

function stateOf(path: string, states: Map<string, string>): BigIntStats | undefined {
  try {
    const status = statSync(path, { bigint: true });
    states.set(path, status.isDirectory() ? 'folder' : fileState(status));
    return status;
  } catch (error) {
    states.set(path, String((error as NodeJS.ErrnoException).code));
    return undefined;
  }
}

/** The change time moves also where a tool sets the modification time back, as `cp -p` and `tar` do. */
const fileState = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');

/** Adds the folder, or the one above in which it would appear. */
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
