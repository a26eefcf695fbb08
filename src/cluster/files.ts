import { KproxyError, messageOf } from '../errors.js';
import { checkObject, collectChecked } from './check.js';
import type { Cluster } from './cluster.js';
import { filesAt, unreadable } from './input-files.js';
import { manifestNotes } from './manifest-notes.js';
import { objectsOf, type RawObject } from './objects.js';
import { parseDocuments } from './parse.js';
import { quotedIfHostile } from './problems.js';
import { readInput } from './read-input.js';

export interface ReadFilesOptions {
  /** The namespace of objects that name none, as with `kubectl apply -n`. */
  readonly namespace?: string | undefined;
}

/**
 * Reads a cluster from files (JSON or YAML, objects or Lists), folders of them, and `-` for stdin. Lists objects that
 * cannot be used in `invalid`.
 * @throws KproxyError `input-unreadable`, `input-malformed` or `list-incomplete` if a text cannot be read completely,
 *   and `input-irrelevant` if it holds nothing for kproxy; then nothing of the input counts
 */
export async function readClusterFiles(
  paths: readonly string[],
  readStdin: () => Promise<string>,
  options: ReadFilesOptions = {},
): Promise<Cluster> {
  const documents: RawObject[] = [];
  for (const path of paths) for (const document of await readDocuments(path, readStdin)) documents.push(document);
  const objects = documents.flatMap(document => ofSource(document.source, () => objectsOf(document)));
  const checked = objects.map(raw => ofSource(raw.source, () => checkObject(raw, options.namespace)));
  const { cluster, ignoredKinds } = collectChecked(checked);
  const isAllIgnored = ignoredKinds.length > 0 && isEmpty(cluster);
  if (documents.length === 0 || isAllIgnored) throw nothingUsable(paths, ignoredKinds);
  return { ...cluster, notes: [...cluster.notes, ...manifestNotes(objects, options.namespace)] };
}

/** Names the source in an error that does not: it must be found among many files. */
function ofSource<Result>(source: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof KproxyError ? error : notHandled(source, error);
  }
}

const notHandled = (source: string, error: unknown): Error =>
  new Error(`${quotedIfHostile(source)}: kproxy failed at this file: ${messageOf(error)}`, { cause: error });

const isEmpty = (cluster: Cluster): boolean => Object.values(cluster).every(objects => objects.length === 0);

async function readDocuments(path: string, readStdin: () => Promise<string>): Promise<readonly RawObject[]> {
  if (path === '-') return documentsIn('stdin', await readStdin().catch(unreadableAs('stdin')));
  const documents: RawObject[] = [];
  for (const file of filesAt(path)) {
    const text = await readInput(file).catch(unreadableAs(file));
    for (const document of await documentsIn(file, text)) documents.push(document);
  }
  return documents;
}

const unreadableAs = (source: string) => (error: NodeJS.ErrnoException) => Promise.reject(unreadable(source, error));

const documentsIn = (source: string, text: string): Promise<readonly RawObject[]> =>
  parseDocuments(source, text).catch(error =>
    Promise.reject(error instanceof KproxyError ? error : notHandled(source, error)),
  );

function nothingUsable(paths: readonly string[], ignoredKinds: readonly string[]): KproxyError {
  const sources = paths.map(path => (path === '-' ? 'stdin' : quotedIfHostile(path))).join(', ');
  const kinds = ignoredKinds.map(quotedIfHostile).join(', ');
  return new KproxyError({
    message: `${sources}: nothing in it for kproxy${kinds === '' ? '' : ` (only ${kinds})`}`,
    code: 'input-irrelevant',
    advice: 'Give Services, EndpointSlices, Endpoints, Pods or Nodes.',
  });
}
