import { withoutField } from '../selection.js';
import type { FailureKind, ReflectorFailure } from './failure.js';
import type { Freshness } from './list.js';
import type { Subject } from './subject.js';

/** What the API server has shown to lack. All reflectors share it, and keep it: a server that is older stays older. */
export interface ServerLimits {
  /** Streaming lists (KEP-3157), which API servers have by default from Kubernetes 1.34 on. */
  hasStreamingLists: boolean;
}

/** How the next list of a subject is read. Learns from failures what the API server can do. */
export interface ListMethod {
  /** What to read. Its field selector is gone once the API server has rejected the field. */
  subject(): Subject;
  streams(): boolean;
  /** How new a list without a stream must be. */
  freshness(): Freshness;
  /** A list or an event of this version has arrived: no later list may be older. */
  reached(resourceVersion: string): void;
  /** Takes the failure of a list into account. Returns true if it can be read in another way at once. */
  adapt(failure: ReflectorFailure, wasStream: boolean): boolean;
}

/** After these, something before the API server may not let streams through. The next list is one without. */
const mayBeOfStream: ReadonlySet<FailureKind> = new Set(['disconnected', 'silent', 'malformed', 'short-watch']);

/** After these, the version that a list had to have may be what the API server does not take. */
const mayBeOfVersion: ReadonlySet<FailureKind> = new Set(['expired', 'too-new', 'unsupported', 'refused', 'internal']);

export function createListMethod(given: Subject, server: ServerLimits): ListMethod {
  let subject = given;
  let avoidsStream = false;
  // A list of any version is enough at first: the watch that follows brings what it lacks.
  let freshness: Freshness = 'any';

  const adaptStream = ({ kind }: ReflectorFailure): boolean => {
    // A stream that brings objects without an end would do so again.
    if (kind === 'endless') server.hasStreamingLists = false;
    if (kind === 'unsupported') {
      server.hasStreamingLists = false;
      return true;
    }
    avoidsStream = kind === 'internal' || mayBeOfStream.has(kind);
    return kind === 'internal';
  };
  const adaptList = ({ kind }: ReflectorFailure): boolean => {
    avoidsStream = false;
    if (freshness === 'newest' || !mayBeOfVersion.has(kind)) return false;
    // The API server does not have that version any more, or again, or it never was one. Only a consistent read is sure
    // to succeed.
    freshness = 'newest';
    return kind === 'expired' || kind === 'too-new';
  };
  return {
    subject: () => subject,
    streams: () => server.hasStreamingLists && !avoidsStream,
    freshness: () => freshness,
    reached(resourceVersion) {
      avoidsStream = false;
      freshness = { atLeast: resourceVersion };
    },
    adapt(failure, wasStream) {
      if (failure.code === 400 && subject.selection.isFieldNew === true) {
        subject = { ...subject, selection: withoutField(subject.selection) };
        return true;
      }
      return wasStream ? adaptStream(failure) : adaptList(failure);
    },
  };
}
