import { tryParseJson } from '../json.js';
import { type ClusterKind, clusterKinds } from '../kinds.js';
import { isMapping, type Mapping, type RawObject, textOf } from '../objects.js';
import { type Page, readPages } from '../pager.js';
import { malformedAnswer, ReflectorFailure } from './failure.js';
import { rawObjectOf, resourceVersionOf } from './raw-object.js';
import { type Connection, request, type TextChunks } from './request.js';
import { requestPath, resourceOf, type Subject, sourceOf } from './subject.js';

export interface ObjectList {
  readonly objects: readonly RawObject[];
  /** The version from which a watch continues. */
  readonly resourceVersion: string;
}

interface ListPage extends Page, ObjectList {}

/**
 * How new a list must be: a resourceVersion and everything later; `any` for what the API server has in its cache, which
 * costs it least; `newest` for a consistent read.
 */
export type Freshness = 'any' | 'newest' | { readonly atLeast: string };

/** As many objects as kubectl and client-go want in one page. */
const usualPageSize = 500;

/**
 * Reads the complete list of a subject, without a stream.
 * @throws ReflectorFailure unless all pages were read
 */
export async function readList(connection: Connection, subject: Subject, freshness: Freshness): Promise<ObjectList> {
  const pages = await readPages({
    ...versionAndSize(freshness),
    read: page => readPage(connection, subject, requestPath(subject, page)),
    isExpired: error => error instanceof ReflectorFailure && error.kind === 'expired',
    repetition: () => malformedAnswer(resourceOf(subject), 'the same page of the list again and again'),
  });
  return {
    objects: pages.flatMap(({ objects }) => objects),
    resourceVersion: pages[0]?.resourceVersion ?? '',
  };
}

/**
 * An API server ignores the limit of a list of version 0, unless its watch cache is switched off. With a limit it would
 * read any other version from etcd, exactly as old as it says (client-go, tools/cache/reflector.go).
 */
function versionAndSize(freshness: Freshness) {
  if (freshness === 'newest') return { pageSize: usualPageSize };
  if (freshness === 'any') return { pageSize: usualPageSize, version: '0' };
  return { pageSize: undefined, version: freshness.atLeast };
}

function readPage(connection: Connection, subject: Subject, path: string): Promise<ListPage> {
  const { kind } = subject;
  const [resource, source] = [resourceOf(subject), sourceOf(subject)];
  const { answerSilence: bodySilence, longestList: longest } = connection.timing;
  return request(connection, { path, resource, bodySilence, longest }, async chunks => {
    const list = parseList(kind, await textOfChunks(chunks, resource));
    const metadata = isMapping(list.metadata) ? list.metadata : {};
    return {
      objects: objectsOfList(kind, source, list),
      resourceVersion: resourceVersionOf(list),
      next: textOf(metadata.continue),
    };
  });
}

/** In UTF-16 units. 10,000 Services with their EndpointSlices are 45 million; V8 has no string above 536 million. */
const longestList = 256_000_000;

async function textOfChunks(chunks: TextChunks, resource: string): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > longestList) throw malformedAnswer(resource, `a list without an end: ${length} characters`);
  }
  return parts.join('');
}

function parseList(kind: ClusterKind, text: string): Mapping {
  const list = tryParseJson(text);
  if (!isMapping(list) || list.kind !== `${kind}List` || resourceVersionOf(list) === '') {
    const beginning = JSON.stringify(text.slice(0, 80));
    const detail = `not a complete ${kind}List: ${text.length} characters that start with ${beginning}`;
    throw malformedAnswer(clusterKinds[kind].resource, detail);
  }
  return list;
}

function objectsOfList(kind: ClusterKind, source: string, list: Mapping): readonly RawObject[] {
  const { resource } = clusterKinds[kind];
  const items = list.items ?? [];
  if (!Array.isArray(items)) throw malformedAnswer(resource, `the items of the ${kind}List are not a list`);
  return items.map(item => {
    const object = rawObjectOf(kind, source, item);
    if (object === undefined)
      throw malformedAnswer(resource, `the ${kind}List has an item that is not a named ${kind}`);
    return object;
  });
}
