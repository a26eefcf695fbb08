import { tryParseJson } from '../json.js';
import { clusterKinds } from '../kinds.js';
import { isMapping, type Mapping, type RawObject } from '../objects.js';
import type { Query } from '../selection.js';
import { failureOfStatus } from './failed-answer.js';
import { malformedAnswer, shortWatch, unfinishedList } from './failure.js';
import { linesOf } from './lines.js';
import { rawObjectOf, resourceVersionOf } from './raw-object.js';
import { type Connection, request } from './request.js';
import { requestPath, resourceOf, type Subject, sourceOf } from './subject.js';

export interface Watch {
  readonly subject: Subject;
  /** The version from which the watch continues. Undefined begins with the complete list (KEP-3157). */
  readonly resourceVersion: string | undefined;
  /** Called with the length of each line of the list with which a watch begins, before its event. */
  readonly onListed?: (characters: number) => void;
  readonly onEvent: (event: WatchEvent) => void;
  /** Called, perhaps often, when the stream works: it has brought an event or has been open for a while. */
  readonly onSuccess: () => void;
}

export type WatchEvent =
  | { readonly is: 'changed' | 'removed'; readonly resourceVersion: string; readonly object: RawObject }
  /** `endsList` is true after the last object of the list with which a watch began. */
  | { readonly is: 'bookmark'; readonly resourceVersion: string; readonly endsList: boolean };

/**
 * Follows one watch until the API server ends it, as it does regularly.
 * @throws ReflectorFailure if it ends in another way
 */
export async function watchStream(connection: Connection, watch: Watch): Promise<void> {
  const { timing } = connection;
  const { subject, resourceVersion } = watch;
  const path = requestPath(subject, watchQuery(resourceVersion, timing.watchSeconds * (1 + timing.random())));
  const resource = resourceOf(subject);
  const parseEvent = eventParser(subject);
  let isListing = resourceVersion === undefined;
  const bodySilence = isListing ? timing.answerSilence : timing.watchSilence;
  // Something between kproxy and the API server may keep a watch open, and it would never be a new one.
  const longest = isListing ? timing.longestList : timing.watchSilence;
  await request(connection, { path, resource, bodySilence, longest }, async (chunks, prolong) => {
    const settling = createSettling(timing.settled, watch.onSuccess);
    if (!isListing) settling.begin();
    try {
      for await (const line of linesOf(chunks, resource)) {
        if (isListing) watch.onListed?.(line.length);
        const event = parseEvent(line);
        watch.onEvent(event);
        if (isListing) {
          // A list that breaks off before its end is no success, however much has arrived.
          if (event.is !== 'bookmark' || !event.endsList) continue;
          isListing = false;
          prolong({ bodySilence: timing.watchSilence, longest: timing.watchSilence });
        }
        settling.succeed();
      }
    } finally {
      settling.end();
    }
    if (isListing) throw unfinishedList();
    if (!settling.isSuccess()) throw shortWatch();
  });
}

/** Finds out if a watch works: it brings an event, or stays open for so many milliseconds. */
function createSettling(milliseconds: number, onSuccess: () => void) {
  let isSuccess = false;
  let timer: NodeJS.Timeout | undefined;
  const succeed = (): void => {
    isSuccess = true;
    onSuccess();
  };
  return {
    begin: () => {
      timer = setTimeout(succeed, milliseconds);
    },
    succeed,
    isSuccess: () => isSuccess,
    end: () => clearTimeout(timer),
  };
}

/**
 * A streaming list names no version, so it is as new as etcd's: the API server asks etcd for its latest revision, and
 * sends the objects from its cache. A list of the version that was seen last would save that question, but after etcd
 * was restored from a backup the API server would wait for a version that never comes.
 */
const watchQuery = (resourceVersion: string | undefined, seconds: number): Query => ({
  watch: '1',
  allowWatchBookmarks: 'true',
  ...(resourceVersion === undefined
    ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
    : { resourceVersion }),
  timeoutSeconds: Math.round(seconds),
});

/**
 * Returns a parser of a watch's lines: events of
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
function eventParser(subject: Subject): (line: string) => WatchEvent {
  // Tens of thousands of objects share this text.
  const source = sourceOf(subject);
  return line => {
    const event = tryParseJson(line);
    if (!isMapping(event) || !isMapping(event.object)) throw notAnEvent(subject, line);
    const parse = eventTypes.get(event.type);
    if (parse === undefined) throw notAnEvent(subject, line);
    const resourceVersion = resourceVersionOf(event.object);
    const result = parse({ subject, source, resourceVersion, object: event.object });
    if (result === undefined || resourceVersion === '') throw notAnEvent(subject, line);
    return result;
  };
}

interface EventParts {
  readonly subject: Subject;
  readonly source: string;
  readonly resourceVersion: string;
  readonly object: Mapping;
}

const eventTypes = new Map<unknown, (parts: EventParts) => WatchEvent | undefined>([
  ['ADDED', parts => objectEvent('changed', parts)],
  ['MODIFIED', parts => objectEvent('changed', parts)],
  ['DELETED', parts => objectEvent('removed', parts)],
  ['BOOKMARK', ({ resourceVersion, object }) => ({ is: 'bookmark', resourceVersion, endsList: endsList(object) })],
  [
    'ERROR',
    ({ subject, object }) => {
      throw failureOfStatus(resourceOf(subject), object);
    },
  ],
]);

function objectEvent(
  is: 'changed' | 'removed',
  { subject, source, resourceVersion, object }: EventParts,
): WatchEvent | undefined {
  const raw = rawObjectOf(subject.kind, source, object);
  return raw === undefined ? undefined : { is, resourceVersion, object: raw };
}

function endsList({ metadata }: Mapping): boolean {
  const annotations = isMapping(metadata) && isMapping(metadata.annotations) ? metadata.annotations : {};
  return annotations['k8s.io/initial-events-end'] === 'true';
}

const notAnEvent = ({ kind }: Subject, line: string) =>
  malformedAnswer(clusterKinds[kind].resource, `not an event: ${JSON.stringify(line.slice(0, 80))}`);
