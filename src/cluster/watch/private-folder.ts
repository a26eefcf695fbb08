import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KproxyError } from '../../errors.js';
import { ownRuntimeFolder } from '../../run/runtime-folder.js';
import { socketFolderPrefix, socketName } from '../../run/stale-folders.js';

export interface PrivateFolder {
  readonly path: string;
  readonly socketPath: string;
  remove(): Promise<void>;
  /** Removes the folder synchronously, at the end of the program. */
  removeNow(): void;
}

/** In bytes: the size of `sun_path` in unix(7), without the final zero. */
const maximumSocketPath = 107;

/**
 * Creates a folder (mode 0700) for kubectl's socket, because any process that can connect to the socket reads the
 * cluster with kproxy's credentials. Its name is new each time, so leftovers of earlier runs do not matter.
 * @throws KproxyError `folder-unwritable`
 */
export async function createPrivateFolder(parent: string = defaultParent()): Promise<PrivateFolder> {
  const path = await mkdtemp(join(parent, socketFolderPrefix)).catch(error => Promise.reject(noFolder(parent, error)));
  return {
    path,
    socketPath: join(path, socketName),
    remove: () => rm(path, { recursive: true, force: true }),
    removeNow: () => rmSync(path, { recursive: true, force: true }),
  };
}

/**
 * Returns the folder in which the private one is made: for root one in which no other user can rename it, and which the
 * environment does not choose.
 */
function defaultParent(): string {
  if (process.geteuid?.() !== 0) return shortTemporaryFolder();
  try {
    return ownRuntimeFolder();
  } catch {
    return '/tmp';
  }
}

function shortTemporaryFolder(): string {
  const socket = join(tmpdir(), `${socketFolderPrefix}XXXXXX`, socketName);
  return Buffer.byteLength(socket) <= maximumSocketPath ? tmpdir() : '/tmp';
}

const noFolder = (parent: string, cause: NodeJS.ErrnoException): KproxyError =>
  new KproxyError({
    message: `cannot create a private folder for the connection to the API server: ${cause.message}`,
    code: 'folder-unwritable',
    advice: `Make ${parent} writable, with space and inodes that are free (df -i).`,
    cause,
  });
