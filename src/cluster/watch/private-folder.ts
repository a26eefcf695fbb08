import { rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KproxyError } from '../../errors.js';

export interface PrivateFolder {
  readonly path: string;
  readonly socketPath: string;
  remove(): Promise<void>;
  /** For the end of the program, when nothing can be waited for. */
  removeNow(): void;
}

const prefix = 'kproxy-api-';
const socketName = 'api.sock';
/** What `sun_path` of a Unix socket's address holds, less the final zero. */
const longestSocketPath = 107;

/**
 * A new folder (mode 0700) for kubectl's socket: whoever can connect to the socket reads the cluster with kproxy's
 * credentials. Its name is new each time, so that nothing that an earlier run left can be in the way. Throws a KproxyError.
 */
export async function createPrivateFolder(parent: string = shortTemporaryFolder()): Promise<PrivateFolder> {
  const path = await mkdtemp(join(parent, prefix)).catch(error => Promise.reject(noFolder(parent, error)));
  return {
    path,
    socketPath: join(path, socketName),
    remove: () => rm(path, { recursive: true, force: true }),
    removeNow: () => rmSync(path, { recursive: true, force: true }),
  };
}

function shortTemporaryFolder(): string {
  const socket = join(tmpdir(), `${prefix}XXXXXX`, socketName);
  return Buffer.byteLength(socket) <= longestSocketPath ? tmpdir() : '/tmp';
}

const noFolder = (parent: string, cause: NodeJS.ErrnoException): KproxyError =>
  new KproxyError({
    message: `a private folder for the connection to the API server cannot be made: ${cause.message}`,
    code: 'folder-unwritable',
    advice: `make ${parent} writable, or set TMPDIR to a folder that is`,
    cause,
  });

/** Removes the folders of runs that were killed: those of this user whose socket nobody listens on. */
export async function removeStaleFolders(parent: string = shortTemporaryFolder()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter(name => name.startsWith(prefix))) {
    const path = join(parent, name);
    const status = await lstat(path).catch(() => undefined);
    const isOwn = status?.isDirectory() === true && status.uid === process.getuid?.();
    if (isOwn && (await isDead(join(path, socketName)))) await rm(path, { recursive: true, force: true });
  }
}

/** No other error will do: a folder without a socket may be that of a kproxy that starts at this moment. */
function isDead(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(socketPath);
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
