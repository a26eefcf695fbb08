import { EventEmitter, on } from 'node:events';
import type { FakeAnswer, Handler, Reply } from './answer.js';
import { selectionOf } from './select.js';
import { eventLine, statusObject } from './texts.js';

export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** As much of an API server as kubectl, kproxy and kube-proxy need to read a cluster and to follow it. */
export interface FakeCluster {
  readonly handler: Handler;
  /** Sends a changed object to all watches of its kind. */
  change(object: ClusterObject): void;
}

interface Resource {
  readonly kind: string;
  readonly apiVersion: string;
}

/** The resources by the paths of their lists. kube-proxy also wants the last two. */
const resources: Readonly<Record<string, Resource>> = {
  '/api/v1/services': { kind: 'Service', apiVersion: 'v1' },
  '/apis/discovery.k8s.io/v1/endpointslices': { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' },
  '/api/v1/nodes': { kind: 'Node', apiVersion: 'v1' },
  '/api/v1/endpoints': { kind: 'Endpoints', apiVersion: 'v1' },
  '/apis/networking.k8s.io/v1/servicecidrs': { kind: 'ServiceCIDR', apiVersion: 'networking.k8s.io/v1' },
};

/** @param firstVersion the resource version of the objects */
export function createFakeCluster(items: readonly ClusterObject[], firstVersion = 100_000): FakeCluster {
  const objectsOf = ({ kind }: Resource) => items.filter(item => item.kind === kind);
  const objects = new Map(Object.entries(resources).map(([path, resource]) => [path, objectsOf(resource)]));
  const changes = new EventEmitter().setMaxListeners(0);
  let version = firstVersion;

  const handler: Handler = (path, method) => {
    const url = new URL(path, 'http://fake');
    const resource = resources[url.pathname];
    if (resource === undefined) return objectReply(method, url.pathname, objects);
    const isSelected = selectionOf(url.searchParams);
    const selected = (objects.get(url.pathname) ?? []).filter(isSelected);
    if (url.searchParams.get('watch') === null)
      return textReply(200, JSON.stringify(pageOf(resource, selected, version, url.searchParams)));
    const wantsObjects = url.searchParams.get('sendInitialEvents') === 'true';
    if (!wantsObjects && Number(url.searchParams.get('resourceVersion')) > version) return textReply(410, expired);
    const first = wantsObjects ? initialEvents(resource, selected, String(version)) : '';
    const sent = new Set(selected.map(keyOf));
    const view = { first, isSelected, sent, kind: resource.kind };
    return async signal => ({ status: 200, body: watchBody(view, changes, signal) });
  };
  return {
    handler,
    change(object) {
      version += 1;
      changes.emit(object.kind, withVersion(object, String(version)));
    },
  };
}

function pageOf(
  { kind, apiVersion }: Resource,
  all: readonly ClusterObject[],
  version: number,
  query: URLSearchParams,
): object {
  const start = Number(query.get('continue') ?? 0);
  const end = start + Number(query.get('limit') ?? all.length);
  const next = end < all.length ? { continue: String(end) } : {};
  const metadata = { resourceVersion: String(version), ...next };
  return { kind: `${kind}List`, apiVersion, metadata, items: all.slice(start, end) };
}

const keyOf = ({ metadata }: ClusterObject): string => `${metadata.namespace}/${metadata.name}`;

/** What one watch sees of its kind. */
interface View {
  /** What is sent before any change. */
  readonly first: string;
  readonly kind: string;
  readonly isSelected: (object: ClusterObject) => boolean;
  /** The keys of the selected objects. An object that is selected no more is sent as a deleted one. */
  readonly sent: Set<string>;
}

async function* watchBody(view: View, changes: EventEmitter, signal: AbortSignal): AsyncGenerator<string> {
  const objects = on(changes, view.kind, { signal });
  if (view.first !== '') yield view.first;
  for await (const [object] of objects) yield* changeSeen(view, object);
}

function* changeSeen({ isSelected, sent }: View, object: ClusterObject): Generator<string> {
  const key = keyOf(object);
  if (isSelected(object)) yield eventLine(sent.has(key) ? 'MODIFIED' : 'ADDED', object);
  else if (sent.has(key)) yield eventLine('DELETED', object);
  if (isSelected(object)) sent.add(key);
  else sent.delete(key);
}

/** The answer to a watch since a version that the server has not reached: it has lost its data, or has others. */
const expired = JSON.stringify(statusObject(410, 'Expired'));

const withVersion = (object: ClusterObject, resourceVersion: string): ClusterObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion },
});

/**
 * Returns the events of a streaming list, which client-go requests instead of a list (KEP-3157): all objects, and a
 * bookmark with an annotation after the last one.
 */
function initialEvents(resource: Resource, all: readonly ClusterObject[], resourceVersion: string): string {
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  const end = eventLine('BOOKMARK', { ...resource, metadata: { resourceVersion, annotations } });
  return [...all.map(object => eventLine('ADDED', withVersion(object, resourceVersion))), end].join('');
}

/** Answers a single object, and accepts all writes: kube-proxy reports events. */
function objectReply(method: string, path: string, objects: ReadonlyMap<string, readonly ClusterObject[]>): Reply {
  const list = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(list.length + 1);
  const object = objects.get(list)?.find(({ metadata }) => metadata.name === name);
  if (object !== undefined || method !== 'GET') return textReply(200, JSON.stringify(object ?? {}));
  return textReply(404, JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 }));
}

const textReply =
  (status: number, text: string): Reply =>
  async (): Promise<FakeAnswer> => ({ status, body: once(text) });

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
