import { type ClusterKind, clusterKinds } from '../kinds.js';
import { listPath } from '../kubectl.js';
import { isMapping, type Mapping, type RawObject, textOf } from '../objects.js';
import { parsedOrUndefined } from '../parsed.js';
import { garbage } from './failure.js';
import { rawObjectOf, resourceVersionOf } from './raw-object.js';
import { type Connection, request, type Texts } from './request.js';

export interface WholeList {
  readonly objects: readonly RawObject[];
  /** Where a watch goes on from. */
  readonly version: string;
}

/**
 * As many as kubectl and client-go ask for. With pages, the text of no more than one is in memory beside the objects, and
 * the API server does not have to build one answer of tens of megabytes.
 */
const pageSize = 500;

/** Reads a kind's whole list, page by page. Throws a FollowFailure unless all of it came. */
export async function readList(
  connection: Connection,
  kind: ClusterKind,
  namespace: string | undefined,
): Promise<WholeList> {
  const path = listPath(kind, namespace);
  const objects: RawObject[] = [];
  const add = (list: Mapping) => addItems(kind, `kubectl get --raw ${path}`, list, objects);
  let page = await readPage(connection, kind, `${path}?limit=${pageSize}`, add);
  const { version } = page;
  while (page.next !== '') {
    const before = page.next;
    const query = `limit=${pageSize}&continue=${encodeURIComponent(before)}`;
    page = await readPage(connection, kind, `${path}?${query}`, add);
    if (page.next === before) throw garbage(clusterKinds[kind].resource, 'the same page of the list again and again');
  }
  return { objects, version };
}

interface Page {
  readonly version: string;
  /** The token of the page that follows, empty on the last one. */
  readonly next: string;
}

function readPage(
  connection: Connection,
  kind: ClusterKind,
  path: string,
  add: (list: Mapping) => void,
): Promise<Page> {
  const { resource } = clusterKinds[kind];
  return request(connection, { path, resource, bodySilence: connection.timing.answerSilence }, async texts => {
    const list = parsedList(kind, await wholeText(texts));
    add(list);
    const metadata = isMapping(list.metadata) ? list.metadata : {};
    return { version: resourceVersionOf(list), next: textOf(metadata.continue) };
  });
}

async function wholeText(texts: Texts): Promise<string> {
  const parts: string[] = [];
  for await (const text of texts) parts.push(text);
  return parts.join('');
}

function parsedList(kind: ClusterKind, text: string): Mapping {
  const { resource } = clusterKinds[kind];
  const list = parsedOrUndefined(text);
  if (!isMapping(list) || list.kind !== `${kind}List` || resourceVersionOf(list) === '') {
    throw garbage(resource, `not a whole ${kind}List: ${text.length} characters, which start with ${start(text)}`);
  }
  return list;
}

const start = (text: string): string => JSON.stringify(text.slice(0, 80));

function addItems(kind: ClusterKind, source: string, list: Mapping, into: RawObject[]): void {
  const { resource } = clusterKinds[kind];
  const items = list.items ?? [];
  if (!Array.isArray(items)) throw garbage(resource, `the items of the ${kind}List are not a list`);
  for (const item of items) {
    const object = rawObjectOf(kind, source, item);
    if (object === undefined) throw garbage(resource, `the ${kind}List holds something else than a named ${kind}`);
    into.push(object);
  }
}
