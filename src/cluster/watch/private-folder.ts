import { rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KproxyError } from '../../errors.js';
import { ownRuntimeFolder } from '../../run/runtime-folder.js';

export interface PrivateFolder {
  readonly path: string;
  readonly socketPath: string;
  remove(): Promise<void>;
  /** Removes the folder synchronously, at the end of the program. */
  removeNow(): void;
}

const prefix = 'kproxy-api-';
const socketName = 'api.sock';
/** In bytes: the size of `sun_path` in unix(7), without the final zero. */
const maximumSocketPath = 107;

/**
 * Creates a folder (mode 0700) for kubectl's socket, because any process that can connect to the socket reads the
 * cluster with kproxy's credentials. Its name is new each time, so leftovers of earlier runs do not matter.
 * @throws KproxyError `folder-unwritable`
 */
export async function createPrivateFolder(parent: string = defaultParent()): Promise<PrivateFolder> {
  const path = await mkdtemp(join(parent, prefix)).catch(error => Promise.reject(noFolder(parent, error)));
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
  const socket = join(tmpdir(), `${prefix}XXXXXX`, socketName);
  return Buffer.byteLength(socket) <= maximumSocketPath ? tmpdir() : '/tmp';
}

const noFolder = (parent: string, cause: NodeJS.ErrnoException): KproxyError =>
  new KproxyError({
    message: `cannot create a private folder for the connection to the API server: ${cause.message}`,
    code: 'folder-unwritable',
    advice: `Make ${parent} writable, with space and inodes that are free (df -i).`,
    cause,
  });

/**
 * Removes the folders of killed runs: those of this user whose socket has no listener, or that have had no socket for
 * longer than any kubectl takes to start. Follows no link.
 */
export async function removeStaleFolders(parent?: string): Promise<void> {
  const parents = parent === undefined ? new Set([defaultParent(), '/tmp']) : [parent];
  for (const one of parents) await removeStaleIn(one);
}

async function removeStaleIn(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter(name => ownName.test(name))) {
    const path = join(parent, name);
    const status = await lstat(path).catch(() => undefined);
    if (status?.isDirectory() !== true || status.uid !== process.geteuid?.()) continue;
    const problem = await connectionProblem(join(path, socketName));
    const isLeft = problem === 'ENOENT' && Date.now() - status.mtimeMs > longestStart;
    if (problem === 'ECONNREFUSED' || isLeft) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** Names of folders for sockets, and of those in which kproxy makes files that it cannot make without a name. */
const ownName = /^kproxy-(?:api-.*|[A-Za-z0-9]{6})$/;

/** In milliseconds. kubectl may wait for a login before it listens. */
const longestStart = 3_600_000;

/** Returns the code of the error with which connecting to a socket fails, or undefined if it has a listener. */
function connectionProblem(socketPath: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = createConnection(socketPath);
    socket.on('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}
