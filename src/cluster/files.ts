import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { KproxyError } from '../errors.js';
import { type Checked, checkObject, gatherChecked } from './check.js';
import type { Cluster } from './cluster.js';
import { objectsOf, type RawObject } from './objects.js';
import { parseDocuments } from './parse.js';
import { pieceLength, piecesOf, readPlainList } from './plain-list.js';
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
  const contents: Content[] = [];
  for (const path of paths) contents.push(...(await readContents(path, readStdin, options.namespace)));
  const checked = contents.flatMap(content => checkContent(content, options.namespace));
  const { cluster, passedOver } = gatherChecked(checked);
  const passedOverAll = checked.length > 0 && passedOver.length > 0 && isEmpty(cluster);
  const isNothing = contents.every(content => content.documents?.length === 0);
  if (isNothing || passedOverAll) throw nothingUsable(paths, passedOver);
  return cluster;
}

/** What a text holds: a List that was checked while it was read, or documents. Errors in these are told when all texts have been read. */
type Content =
  | { readonly checked: readonly Checked[]; readonly documents?: never }
  | { readonly documents: readonly RawObject[]; readonly checked?: never };

const checkContent = (content: Content, namespace: string | undefined): readonly Checked[] =>
  content.checked ?? content.documents.flatMap(objectsOf).map(raw => checkObject(raw, namespace));

const isEmpty = (cluster: Cluster): boolean => Object.values(cluster).every(objects => objects.length === 0);

async function readContents(
  path: string,
  readStdin: () => Promise<string>,
  namespace: string | undefined,
): Promise<readonly Content[]> {
  if (path === '-') return [await contentOf('stdin', await readStdin(), namespace)];
  const contents: Content[] = [];
  for (const file of filesAt(path))
    contents.push(
      checkList(file, piecesOfFile(file), namespace) ?? (await contentOf(file, await readText(file), namespace)),
    );
  return contents;
}

const contentOf = async (source: string, text: string, namespace: string | undefined): Promise<Content> =>
  checkList(source, piecesOf(text), namespace) ?? { documents: await parseDocuments(source, text) };

function checkList(source: string, pieces: Iterable<string>, namespace: string | undefined): Content | undefined {
  const list = readPlainList(source, pieces, raw => checkObject(raw, namespace));
  return list?.next === '' ? { checked: list.results } : undefined;
}

/** A file itself, or the JSON and YAML files of a folder and its sub-folders in order of their names. */
function filesAt(path: string): readonly string[] {
  const status = readable(path, () => statSync(path));
  return status.isDirectory() ? filesBelow(path) : [path];
}

function filesBelow(folder: string): readonly string[] {
  const entries = readable(folder, () => readdirSync(folder, { withFileTypes: true }));
  const names = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of names) {
    const path = join(folder, entry.name);
    // A link to a folder is not followed, so that a loop of links ends; a link to a file is (mounted ConfigMaps are links).
    if (entry.isDirectory()) found.push(...filesBelow(path));
    else if (/\.(json|ya?ml)$/.test(entry.name)) found.push(path);
  }
  return found;
}

/** @throws KproxyError (exit code 3) where the file or folder cannot be read */
function readable<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}

const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch(error => Promise.reject(unreadable(file, error)));

/** Of a smaller file the text costs less than taking it to pieces. In bytes. */
const leastSize = 1024 * 1024;

/** Nothing is given of a small file, and of what is no file or may not be read: it is read as a whole, which tells the error. */
function* piecesOfFile(file: string): Iterable<string> {
  const status = statSync(file);
  if (!status.isFile() || status.size < leastSize) return;
  const decoder = new StringDecoder('utf8');
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(pieceLength);
    for (let size = readSync(descriptor, buffer); size > 0; size = readSync(descriptor, buffer))
      yield decoder.write(buffer.subarray(0, size));
    yield decoder.end();
  } finally {
    closeSync(descriptor);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'it may not be read by this user',
  EISDIR: 'it is a folder',
};

function unreadable(path: string, error: NodeJS.ErrnoException): KproxyError {
  return new KproxyError({
    message: `${quotedIfHostile(path)}: cannot be read: ${reasons[error.code ?? ''] ?? error.message}`,
    code: 'input-unreadable',
    advice: '--from takes a file, a folder of .json, .yaml and .yml files, or - for stdin; nothing was used',
    cause: error,
  });
}

function nothingUsable(paths: readonly string[], passedOver: readonly string[]): KproxyError {
  const kinds = passedOver.map(kind => quotedIfHostile(kind)).join(', ');
  return new KproxyError({
    message: `${paths.map(path => (path === '-' ? 'stdin' : quotedIfHostile(path))).join(', ')}: nothing in it for kproxy${kinds === '' ? '' : ` (only ${kinds})`}`,
    code: 'input-irrelevant',
    advice: 'kproxy reads Services, EndpointSlices, Endpoints, Pods and Nodes',
  });
}
