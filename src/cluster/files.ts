import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, KproxyError } from '../errors.js';
import { checkObjects } from './check.js';
import type { Cluster } from './cluster.js';
import { objectsOf, type RawObject } from './objects.js';
import { parseDocuments } from './parse.js';
import { quotedIfHostile } from './problems.js';

export interface ReadFilesOptions {
  /** The namespace of objects that name none, as `kubectl apply -n` has it. */
  readonly namespace?: string | undefined;
}

/**
 * Reads a cluster from files (JSON or YAML, objects or Lists), folders of them, and `-` for stdin. Objects that cannot be
 * used are in `invalid`. Throws a KproxyError (exit code 3) where a text cannot be read as a whole or holds nothing for
 * kproxy: then nothing of the input counts.
 */
export async function readClusterFiles(
  paths: readonly string[],
  readStdin: () => Promise<string>,
  options: ReadFilesOptions = {},
): Promise<Cluster> {
  const documents: RawObject[] = [];
  for (const path of paths) documents.push(...(await readDocuments(path, readStdin)));
  const objects = documents.flatMap(objectsOf);
  const { cluster, passedOver } = checkObjects(objects, options.namespace);
  const passedOverAll = objects.length > 0 && passedOver.length > 0 && isEmpty(cluster);
  if (documents.length === 0 || passedOverAll) throw nothingUsable(paths, passedOver);
  return cluster;
}

const isEmpty = (cluster: Cluster): boolean => Object.values(cluster).every(objects => objects.length === 0);

async function readDocuments(path: string, readStdin: () => Promise<string>): Promise<readonly RawObject[]> {
  if (path === '-') return parseDocuments('stdin', await readStdin());
  const documents: RawObject[] = [];
  for (const file of await filesAt(path)) documents.push(...(await parseDocuments(file, await readText(file))));
  return documents;
}

/** A file itself, or the JSON and YAML files of a folder and its sub-folders in order of their names. */
async function filesAt(path: string): Promise<readonly string[]> {
  const status = await stat(path).catch(error => Promise.reject(unreadable(path, error)));
  return status.isDirectory() ? filesBelow(path) : [path];
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(error =>
    Promise.reject(unreadable(folder, error)),
  );
  const names = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of names) {
    const path = join(folder, entry.name);
    // A link to a folder is not followed, so that a loop of links ends; a link to a file is (mounted ConfigMaps are links).
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (/\.(json|ya?ml)$/.test(entry.name)) found.push(path);
  }
  return found;
}

const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch(error => Promise.reject(unreadable(file, error)));

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'it may not be read by this user',
  EISDIR: 'it is a folder',
};

function unreadable(path: string, error: NodeJS.ErrnoException): KproxyError {
  return new KproxyError({
    message: `${quotedIfHostile(path)}: cannot be read: ${reasons[error.code ?? ''] ?? error.message}`,
    exitCode: ExitCode.clusterUnreadable,
    next: '--from takes a file, a folder of .json, .yaml and .yml files, or - for stdin; nothing was used',
    cause: error,
  });
}

function nothingUsable(paths: readonly string[], passedOver: readonly string[]): KproxyError {
  const kinds = passedOver.map(kind => quotedIfHostile(kind)).join(', ');
  return new KproxyError({
    message: `${paths.map(path => (path === '-' ? 'stdin' : quotedIfHostile(path))).join(', ')}: nothing in it for kproxy${kinds === '' ? '' : ` (only ${kinds})`}`,
    exitCode: ExitCode.clusterUnreadable,
    next: 'kproxy reads Services, EndpointSlices, Endpoints, Pods and Nodes',
  });
}
