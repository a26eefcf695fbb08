import { type ClusterKind, clusterKinds } from '../kinds.js';
import { listPath } from '../kubectl.js';
import { isMapping, type Mapping, type RawObject } from '../objects.js';
import { parsedOrUndefined } from '../parsed.js';
import { failureOfStatus } from './failed-answer.js';
import { garbage, hurried } from './failure.js';
import { lines } from './lines.js';
import { rawObjectOf, resourceVersionOf } from './raw-object.js';
import { type Connection, request } from './request.js';

export interface Watch {
  readonly kind: ClusterKind;
  readonly namespace: string | undefined;
  /** The resourceVersion that it goes on from. */
  readonly version: string;
  readonly onEvent: (event: WatchEvent) => void;
  /** The stream works: something came, or it has been open for a while. May be called often. */
  readonly onSuccess: () => void;
}

export type WatchEvent =
  | { readonly is: 'changed' | 'removed'; readonly version: string; readonly object: RawObject }
  | { readonly is: 'bookmark'; readonly version: string };

/** Follows one stream until the API server ends it, as it does regularly. Throws a FollowFailure where it ends in another way. */
export async function watchStream(connection: Connection, watch: Watch): Promise<void> {
  const { timing } = connection;
  const path = watchPath(watch, Math.round(timing.watchSeconds * (1 + timing.random() / 2)));
  const { resource } = clusterKinds[watch.kind];
  await request(connection, { path, resource, bodySilence: timing.watchSilence }, async texts => {
    let worked = false;
    const success = () => {
      worked = true;
      watch.onSuccess();
    };
    const settled = setTimeout(success, timing.settled);
    try {
      for await (const line of lines(texts, resource)) {
        watch.onEvent(watchEvent(watch, line));
        success();
      }
    } finally {
      clearTimeout(settled);
    }
    if (!worked) throw hurried();
  });
}

function watchPath({ kind, namespace, version }: Watch, seconds: number): string {
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: version,
    timeoutSeconds: String(seconds),
  });
  return `${listPath(kind, namespace)}?${query}`;
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
function watchEvent({ kind, namespace }: Watch, line: string): WatchEvent {
  const event = parsedOrUndefined(line);
  if (!isMapping(event) || !isMapping(event.object)) throw noEvent(kind, line);
  const read = eventTypes.get(event.type);
  if (read === undefined) throw noEvent(kind, line);
  const version = resourceVersionOf(event.object);
  const source = `kubectl get --raw ${listPath(kind, namespace)}`;
  const result = read({ kind, source, version, object: event.object });
  if (result === undefined || version === '') throw noEvent(kind, line);
  return result;
}

interface EventParts {
  readonly kind: ClusterKind;
  readonly source: string;
  readonly version: string;
  readonly object: Mapping;
}

const eventTypes = new Map<unknown, (parts: EventParts) => WatchEvent | undefined>([
  ['ADDED', parts => objectEvent('changed', parts)],
  ['MODIFIED', parts => objectEvent('changed', parts)],
  ['DELETED', parts => objectEvent('removed', parts)],
  ['BOOKMARK', ({ version }) => ({ is: 'bookmark', version })],
  [
    'ERROR',
    ({ kind, object }) => {
      throw failureOfStatus(clusterKinds[kind].resource, object);
    },
  ],
]);

function objectEvent(is: 'changed' | 'removed', { kind, source, version, object }: EventParts): WatchEvent | undefined {
  const raw = rawObjectOf(kind, source, object);
  return raw === undefined ? undefined : { is, version, object: raw };
}

const noEvent = (kind: ClusterKind, line: string) =>
  garbage(clusterKinds[kind].resource, `not an event: ${JSON.stringify(line.slice(0, 80))}`);
