import { lstatSync, readdirSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeFolderPath } from './runtime-folder.js';
import { toolFileName, toolFileParents, toolFolderPrefix } from './tool-files.js';

/** Of the folder of the socket through which kubectl carries requests. */
export const socketFolderPrefix = 'kproxy-api-';
export const socketName = 'api.sock';

/** The names that `mkdtemp` gives. */
const ownName = new RegExp(`^(?:${socketFolderPrefix}|${toolFolderPrefix})[A-Za-z0-9]{6}$`);

/** In milliseconds. kubectl may wait for a login before it listens. */
const longestStart = 3_600_000;

/** So many are examined of a folder at most: any user may make some in /tmp. */
const mostExamined = 1_000;

/**
 * Removes the folders that killed runs have left: those of this user whose socket has no listener, or that have had no
 * socket for longer than any kubectl takes to start. Follows no link, and removes nothing that kproxy does not make.
 */
export async function removeStaleFolders(parents: readonly string[] = defaultParents()): Promise<void> {
  for (const parent of new Set(parents)) for (const path of ownFolders(parent)) if (await isStale(path)) remove(path);
}

const defaultParents = (): readonly string[] => [runtimeFolderPath, ...toolFileParents(), tmpdir(), '/tmp'];

function ownFolders(parent: string): readonly string[] {
  try {
    const names = readdirSync(parent).filter(name => ownName.test(name));
    return names.slice(0, mostExamined).map(name => join(parent, name));
  } catch {
    return [];
  }
}

async function isStale(path: string): Promise<boolean> {
  const status = statusOf(path);
  if (status?.isDirectory() !== true || status.uid !== process.geteuid?.()) return false;
  const problem = await connectionProblem(join(path, socketName));
  return problem === 'ECONNREFUSED' || (problem === 'ENOENT' && Date.now() - status.mtimeMs > longestStart);
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** Removes a folder with the files that kproxy makes in such folders. One with other files stays. */
function remove(path: string): void {
  for (const name of [socketName, toolFileName]) quietly(() => unlinkSync(join(path, name)));
  quietly(() => rmdirSync(path));
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // It is not there, or another run has removed it.
  }
}

/** Returns the code of the error with which connecting to a socket fails, or undefined if it has a listener. */
async function connectionProblem(socketPath: string): Promise<string | undefined> {
  // Loading it takes time, and there hardly ever is such a folder.
  const { createConnection } = await import('node:net');
  return new Promise(resolve => {
    const socket = createConnection(socketPath);
    socket.on('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}
