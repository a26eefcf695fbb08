import { KproxyError, messageOf } from '../../errors.js';
import { limitAdvice } from '../../run/machine-limit.js';
import { quotedIfHostile } from '../problems.js';

export type FailureKind =
  /** The connection broke in the middle of an answer. */
  | 'disconnected'
  /** Nothing arrived for too long: a half-open connection. */
  | 'silent'
  /** An answer has no end: it is too large, or takes too long although something arrives. */
  | 'endless'
  /** The API server no longer has the requested history (410). */
  | 'expired'
  /** The API server has not reached the requested version, and perhaps never will: etcd was restored from a backup. */
  | 'too-new'
  /** The API server wants a pause (429). */
  | 'busy'
  /** The API server ended a watch at once, without an event. client-go calls this a very short watch. */
  | 'short-watch'
  /** The API server does not take a parameter of the request: it is older. */
  | 'unsupported'
  /** The API server found an error of its own (500). */
  | 'internal'
  | 'forbidden'
  | 'refused'
  | 'malformed'
  | 'unreachable';

interface FailurePolicy {
  /** Happens in any healthy cluster, and is reported only if it happens again at once. */
  readonly isQuietAtFirst: boolean;
  /**
   * Whether the watch resumes from its resourceVersion. Otherwise, and after a second failure, the kind is relisted.
   */
  readonly resumesWatch: boolean;
  /** Whether the backoff ends early when the reflector of another kind reaches the API server again. */
  readonly waitsForServer: boolean;
}

/**
 * After an outage of the API server every kind is relisted, even if its resourceVersion may still be valid: etcd may
 * have been restored from a backup, and a watch from a resourceVersion of the future returns nothing.
 */
export const failurePolicies: Readonly<Record<FailureKind, FailurePolicy>> = {
  disconnected: { isQuietAtFirst: true, resumesWatch: true, waitsForServer: true },
  silent: { isQuietAtFirst: true, resumesWatch: true, waitsForServer: true },
  endless: { isQuietAtFirst: false, resumesWatch: true, waitsForServer: false },
  busy: { isQuietAtFirst: true, resumesWatch: true, waitsForServer: false },
  'short-watch': { isQuietAtFirst: true, resumesWatch: true, waitsForServer: false },
  expired: { isQuietAtFirst: true, resumesWatch: false, waitsForServer: false },
  'too-new': { isQuietAtFirst: true, resumesWatch: false, waitsForServer: false },
  unsupported: { isQuietAtFirst: false, resumesWatch: false, waitsForServer: true },
  internal: { isQuietAtFirst: false, resumesWatch: false, waitsForServer: true },
  forbidden: { isQuietAtFirst: false, resumesWatch: false, waitsForServer: false },
  refused: { isQuietAtFirst: false, resumesWatch: false, waitsForServer: true },
  malformed: { isQuietAtFirst: false, resumesWatch: false, waitsForServer: false },
  unreachable: { isQuietAtFirst: false, resumesWatch: false, waitsForServer: true },
};

interface FailureOptions {
  readonly kind: FailureKind;
  /** The HTTP status, if there was an answer. */
  readonly code?: number;
  /** What went wrong, in the same words each time. */
  readonly what: string;
  /** What differs from time to time, such as the API server's own words. */
  readonly detail?: string;
  /** What the user can do: whole sentences. */
  readonly advice?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** The failure of a list or a watch. It never ends the program: the reflector reports it and tries again. */
export class ReflectorFailure extends Error {
  override readonly name = 'ReflectorFailure';
  readonly kind: FailureKind;
  readonly code: number | undefined;
  readonly what: string;
  readonly retryAfterSeconds: number | undefined;

  constructor({ kind, code, what, detail = '', advice, retryAfterSeconds, cause }: FailureOptions) {
    const evidence = detail === '' ? '' : ` (${quotedIfHostile(oneLine(detail))})`;
    super(`${what}${evidence}; trying again${advice === undefined ? '' : `. ${advice}`}`, { cause });
    this.kind = kind;
    this.code = code;
    this.what = what;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const maximumDetail = 300;
const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, maximumDetail);

/** Builds the failure of a request without an answer, neither from the API server nor from kubectl. */
export function noAnswer(error: unknown): ReflectorFailure {
  if (error instanceof KproxyError) {
    const { message, evidence, cause } = error;
    const advice = limitAdvice(cause) ?? error.advice;
    return new ReflectorFailure({ kind: 'unreachable', what: message, detail: evidence ?? '', advice, cause: error });
  }
  return new ReflectorFailure({
    kind: 'unreachable',
    what: 'kubectl proxy does not answer',
    detail: messageOf(error),
    cause: error,
  });
}

export const disconnection = (error: unknown): ReflectorFailure =>
  new ReflectorFailure({
    kind: 'disconnected',
    what: "the connection breaks in the middle of the API server's answers",
    detail: messageOf(error),
    cause: error,
  });

export const silence = (): ReflectorFailure =>
  new ReflectorFailure({
    kind: 'silent',
    what: 'the API server is silent: nothing arrives, and the connection stays open',
  });

export const endless = (): ReflectorFailure =>
  new ReflectorFailure({ kind: 'endless', what: 'the API server does not come to the end of an answer' });

/** Builds the failure of a list that is larger than any of a real cluster. Its objects are not used. */
export const oversizedList = (resource: string, detail: string): ReflectorFailure =>
  new ReflectorFailure({
    kind: 'endless',
    what: `${resource}: the list is too large, and is not used`,
    detail,
    advice: `Count them with kubectl get. Something between kproxy and the API server may send an endless answer.`,
  });

export const unfinishedList = (): ReflectorFailure =>
  new ReflectorFailure({ kind: 'disconnected', what: 'the API server ends a streaming list before it is complete' });

export const shortWatch = (): ReflectorFailure =>
  new ReflectorFailure({ kind: 'short-watch', what: 'the API server ends each watch at once' });

export const malformedAnswer = (resource: string, detail: string): ReflectorFailure =>
  new ReflectorFailure({
    kind: 'malformed',
    what: `${resource}: the answer is not what an API server sends`,
    detail,
    advice: 'Something between kproxy and the API server changes or truncates the answers.',
  });
