import { tryParseJson } from '../json.js';
import { type ClusterKind, clusterKinds } from '../kinds.js';
import { listPath } from '../list-path.js';
import { isMapping, type Mapping, type RawObject } from '../objects.js';
import { failureOfStatus } from './failed-answer.js';
import { malformedAnswer, shortWatch } from './failure.js';
import { linesOf } from './lines.js';
import { rawObjectOf, resourceVersionOf } from './raw-object.js';
import { type Connection, request } from './request.js';

export interface Watch {
  readonly kind: ClusterKind;
  readonly namespace: string | undefined;
  /** The version from which the watch continues. */
  readonly resourceVersion: string;
  readonly onEvent: (event: WatchEvent) => void;
  /** Called, perhaps often, when the stream works: it has brought an event or has been open for a while. */
  readonly onSuccess: () => void;
}

export type WatchEvent =
  | { readonly is: 'changed' | 'removed'; readonly resourceVersion: string; readonly object: RawObject }
  | { readonly is: 'bookmark'; readonly resourceVersion: string };

/**
 * Follows one watch until the API server ends it, as it does regularly.
 * @throws ReflectorFailure if it ends in another way
 */
export async function watchStream(connection: Connection, watch: Watch): Promise<void> {
  const { timing } = connection;
  const path = watchPath(watch, Math.round(timing.watchSeconds * (1 + timing.random() / 2)));
  const { resource } = clusterKinds[watch.kind];
  await request(connection, { path, resource, bodySilence: timing.watchSilence }, async chunks => {
    let isSuccess = false;
    const succeed = () => {
      isSuccess = true;
      watch.onSuccess();
    };
    const timer = setTimeout(succeed, timing.settled);
    try {
      for await (const line of linesOf(chunks, resource)) {
        watch.onEvent(watchEvent(watch, line));
        succeed();
      }
    } finally {
      clearTimeout(timer);
    }
    if (!isSuccess) throw shortWatch();
  });
}

function watchPath({ kind, namespace, resourceVersion }: Watch, seconds: number): string {
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(seconds),
  });
  return `${listPath(kind, namespace)}?${query}`;
}

/**
 * Parses a line of a watch: an event of
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
function watchEvent({ kind, namespace }: Watch, line: string): WatchEvent {
  const event = tryParseJson(line);
  if (!isMapping(event) || !isMapping(event.object)) throw notAnEvent(kind, line);
  const parse = eventTypes.get(event.type);
  if (parse === undefined) throw notAnEvent(kind, line);
  const resourceVersion = resourceVersionOf(event.object);
  const source = `kubectl get --raw ${listPath(kind, namespace)}`;
  const result = parse({ kind, source, resourceVersion, object: event.object });
  if (result === undefined || resourceVersion === '') throw notAnEvent(kind, line);
  return result;
}

interface EventParts {
  readonly kind: ClusterKind;
  readonly source: string;
  readonly resourceVersion: string;
  readonly object: Mapping;
}

const eventTypes = new Map<unknown, (parts: EventParts) => WatchEvent | undefined>([
  ['ADDED', parts => objectEvent('changed', parts)],
  ['MODIFIED', parts => objectEvent('changed', parts)],
  ['DELETED', parts => objectEvent('removed', parts)],
  ['BOOKMARK', ({ resourceVersion }) => ({ is: 'bookmark', resourceVersion })],
  [
    'ERROR',
    ({ kind, object }) => {
      throw failureOfStatus(clusterKinds[kind].resource, object);
    },
  ],
]);

function objectEvent(
  is: 'changed' | 'removed',
  { kind, source, resourceVersion, object }: EventParts,
): WatchEvent | undefined {
  const raw = rawObjectOf(kind, source, object);
  return raw === undefined ? undefined : { is, resourceVersion, object: raw };
}

const notAnEvent = (kind: ClusterKind, line: string) =>
  malformedAnswer(clusterKinds[kind].resource, `not an event: ${JSON.stringify(line.slice(0, 80))}`);
