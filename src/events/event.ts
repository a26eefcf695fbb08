import { visible } from '../visible.js';

/** What an Event is about: kproxy's Node, or a Service. */
type Regarding =
  | { readonly kind: 'Node'; readonly name: string }
  | { readonly kind: 'Service'; readonly namespace: string; readonly name: string };

/** Something that an operator must see. */
export interface Notice {
  readonly regarding: Regarding;
  readonly type: 'Normal' | 'Warning';
  /** For programs, such as `SyncFailed`. */
  readonly reason: string;
  /** What was done or failed, such as `Sync`. */
  readonly action: string;
  /** For people. May have several lines, and words from the cluster. */
  readonly note: string;
}

/** What kproxy sends of an Event of events.k8s.io/v1. */
export interface EventObject {
  readonly apiVersion: 'events.k8s.io/v1';
  readonly kind: 'Event';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly eventTime: string;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
  readonly reportingController: 'kproxy';
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly regarding: object;
  readonly note: string;
  readonly type: 'Normal' | 'Warning';
}

/** The API server's limits (pkg/apis/core/validation/events.go), in bytes. Node names are ASCII. */
const longestNote = 1024;
const longestInstance = 128;
/** The API server allows names of 253 characters, and client-go shortens those of objects too. */
const longestName = 253;

/**
 * Builds an Event. Its name and fields are those that client-go's recorder would choose: an Event about a Node is in
 * the namespace `default`.
 * @param nodeName the node that reports it
 * @param sequence makes the names of Events of one millisecond differ
 */
export function eventObject(notice: Notice, nodeName: string, time: Date, sequence: number): EventObject {
  const { regarding, type, reason, action, note } = notice;
  const suffix = `.${(BigInt(time.getTime()) * 1_000_000n + BigInt(sequence)).toString(16)}`;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {
      name: `${regarding.name.slice(0, longestName - suffix.length)}${suffix}`,
      namespace: namespaceOf(regarding),
    },
    eventTime: microTime(time),
    reportingController: 'kproxy',
    reportingInstance: `kproxy-${nodeName}`.slice(0, longestInstance),
    action,
    reason,
    regarding: referenceTo(regarding),
    note: boundedNote(note),
    type,
  };
}

/** `kubectl describe node` looks for Events with the Node's UID or, as the kubelet's have, its name there. */
const referenceTo = (regarding: Regarding): object => ({
  apiVersion: 'v1',
  ...regarding,
  ...(regarding.kind === 'Node' && { uid: regarding.name }),
});

/** Returns an Event that was seen so often, the last time at this time. */
export const repeatedEvent = (event: EventObject, count: number, last: Date): EventObject => ({
  ...event,
  series: { count, lastObservedTime: microTime(last) },
});

const namespaceOf = (regarding: Regarding): string => (regarding.kind === 'Node' ? 'default' : regarding.namespace);

/** Microseconds are what the API keeps of a time. */
const microTime = (time: Date): string => time.toISOString().replace('Z', '000Z');

/** Returns a note without control characters, of at most 1,024 bytes. Lines stay lines. */
function boundedNote(note: string): string {
  const text = note.trim().split('\n').map(visible).join('\n');
  if (Buffer.byteLength(text) <= longestNote) return text;
  const bytes = Buffer.from(text).subarray(0, longestNote - Buffer.byteLength('…'));
  // A character that was cut in the middle is left out.
  return `${new TextDecoder().decode(bytes, { stream: true })}…`;
}
