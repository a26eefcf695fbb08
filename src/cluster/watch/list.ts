import { tryParseJson } from '../json.js';
import { type ClusterKind, clusterKinds } from '../kinds.js';
import type { ListAccount, ListBudget } from '../list-budget.js';
import { isMapping, type Mapping, type RawObject, textOf } from '../objects.js';
import { type Page, readPages } from '../pager.js';
import { endless, malformedAnswer, ReflectorFailure } from './failure.js';
import { rawObjectOf, resourceVersionOf } from './raw-object.js';
import { type Connection, type Request, request, type TextChunks } from './request.js';
import { requestPath, resourceOf, type Subject, sourceOf } from './subject.js';

export interface ObjectList {
  readonly objects: readonly RawObject[];
  /** The version from which a watch continues. */
  readonly resourceVersion: string;
}

export interface ListConnection extends Connection {
  /** Shared by all lists that are read side by side. */
  readonly lists: ListBudget;
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
 * @throws ReflectorFailure unless all pages were read, in time and within the budget
 */
export async function readList(
  connection: ListConnection,
  subject: Subject,
  freshness: Freshness,
): Promise<ObjectList> {
  const account = connection.lists.open(subject.kind);
  try {
    return await readAllPages(connection, subject, freshness, account);
  } finally {
    account.close();
  }
}

async function readAllPages(
  connection: Connection,
  subject: Subject,
  freshness: Freshness,
  account: ListAccount,
): Promise<ObjectList> {
  const { now, longestList } = connection.timing;
  const latest = now() + longestList;
  const pages = await readPages({
    ...versionAndSize(freshness),
    read: async page => {
      if (now() >= latest) throw endless();
      return readPage(connection, subject, { path: requestPath(subject, page), longest: latest - now(), account });
    },
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

interface PageRequest extends Pick<Request, 'path' | 'longest'> {
  readonly account: ListAccount;
}

function readPage(connection: Connection, subject: Subject, page: PageRequest): Promise<ListPage> {
  const { kind } = subject;
  const { path, longest, account } = page;
  const [resource, source] = [resourceOf(subject), sourceOf(subject)];
  const bodySilence = connection.timing.answerSilence;
  return request(connection, { path, resource, bodySilence, longest }, async chunks => {
    const list = parseList(kind, await textOfChunks(chunks, account));
    if (Array.isArray(list.items)) account.add({ objects: list.items.length });
    const metadata = isMapping(list.metadata) ? list.metadata : {};
    return {
      objects: objectsOfList(kind, source, list),
      resourceVersion: resourceVersionOf(list),
      next: textOf(metadata.continue),
    };
  });
}

async function textOfChunks(chunks: TextChunks, account: ListAccount): Promise<string> {
  const parts: string[] = [];
  for await (const chunk of chunks) {
    account.add({ characters: chunk.length });
    parts.push(chunk);
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
