import { KproxyError } from '../../errors.js';
import { isMapping, textOf } from '../objects.js';
import { quotedIfHostile } from '../problems.js';

export type FailureKind =
  /** The connection broke in the middle of an answer. */
  | 'broken'
  /** Nothing came for too long: half-open. */
  | 'silent'
  /** The API server no longer has the history that was asked for (410). */
  | 'expired'
  /** The API server asks for patience (429). */
  | 'busy'
  /** A stream was ended at once, with nothing in it. */
  | 'hurried'
  | 'forbidden'
  | 'refused'
  | 'garbage'
  | 'unreachable';

interface FailurePolicy {
  /** Happens in any healthy cluster, and is worth a line only when it happens again at once. */
  readonly quietAtFirst: boolean;
  /** Whether the watch goes on where it was. Otherwise, and after a second failure, the kind is listed anew. */
  readonly keepsPlace: boolean;
}

/**
 * After the API server was away everything is listed anew although the old place might do: etcd may have been restored
 * from a backup meanwhile, and a watch from a resourceVersion of the future is silent.
 */
export const failurePolicies: Readonly<Record<FailureKind, FailurePolicy>> = {
  broken: { quietAtFirst: true, keepsPlace: true },
  silent: { quietAtFirst: true, keepsPlace: true },
  busy: { quietAtFirst: true, keepsPlace: true },
  hurried: { quietAtFirst: true, keepsPlace: true },
  expired: { quietAtFirst: true, keepsPlace: false },
  forbidden: { quietAtFirst: false, keepsPlace: false },
  refused: { quietAtFirst: false, keepsPlace: false },
  garbage: { quietAtFirst: false, keepsPlace: false },
  unreachable: { quietAtFirst: false, keepsPlace: false },
};

interface FailureOptions {
  readonly kind: FailureKind;
  /** What went wrong, in words that are the same each time. */
  readonly what: string;
  /** What differs from time to time, such as the API server's own words. */
  readonly detail?: string;
  readonly next?: string;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** Why a list or a watch did not go on. Never reaches the user as an error: the feed tells of it and tries again. */
export class FollowFailure extends Error {
  override readonly name = 'FollowFailure';
  readonly kind: FailureKind;
  readonly what: string;
  readonly retryAfterSeconds: number | undefined;

  constructor({ kind, what, detail = '', next, retryAfterSeconds, cause }: FailureOptions) {
    const evidence = detail === '' ? '' : ` (${quotedIfHostile(oneLine(detail))})`;
    super(`${what}${evidence}; trying again${next === undefined ? '' : `; ${next}`}`, { cause });
    this.kind = kind;
    this.what = what;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const longestDetail = 300;
const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, longestDetail);

/** No answer came: neither the API server's nor kubectl's. */
export function unreachable(error: unknown): FollowFailure {
  if (error instanceof KproxyError) {
    const { message, detail = '', next } = error;
    return new FollowFailure({
      kind: 'unreachable',
      what: message,
      detail,
      cause: error,
      ...(next === undefined ? {} : { next }),
    });
  }
  return new FollowFailure({
    kind: 'unreachable',
    what: 'kubectl proxy does not answer',
    detail: messageOf(error),
    cause: error,
  });
}

export const broken = (error: unknown): FollowFailure =>
  new FollowFailure({
    kind: 'broken',
    what: "the API server's answers break off",
    detail: messageOf(error),
    cause: error,
  });

export const silent = (): FollowFailure =>
  new FollowFailure({ kind: 'silent', what: 'the API server is silent: nothing comes, and the connection stays open' });

export const hurried = (): FollowFailure =>
  new FollowFailure({ kind: 'hurried', what: 'the API server ends each watch at once' });

export const garbage = (resource: string, detail: string): FollowFailure =>
  new FollowFailure({
    kind: 'garbage',
    what: `${resource}: what comes is not what an API server sends`,
    detail,
    next: 'something between kproxy and the API server changes or cuts off the answers',
  });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export interface ErrorAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds?: number | undefined;
}

/** What an answer other than 200 means. Its text is a `Status` of the API server, or plain text of something before it. */
export function failureOfAnswer(resource: string, { status, text, retryAfterSeconds }: ErrorAnswer): FollowFailure {
  const told = parsedOrUndefined(text);
  if (isMapping(told) && told.kind === 'Status') return failureOfStatus(resource, told, status, retryAfterSeconds);
  return failureOfCode(resource, status, text, retryAfterSeconds);
}

/** What a `Status` means, which also comes as the object of an ERROR event. */
export function failureOfStatus(
  resource: string,
  told: Readonly<Record<string, unknown>>,
  status?: number,
  retryAfterSeconds?: number,
): FollowFailure {
  const code = typeof told.code === 'number' ? told.code : (status ?? 500);
  const expired = told.reason === 'Expired' || told.reason === 'Gone';
  const { retryAfterSeconds: asked } = isMapping(told.details) ? told.details : {};
  const wait = retryAfterSeconds ?? (typeof asked === 'number' ? asked : undefined);
  return failureOfCode(resource, expired ? 410 : code, textOf(told.message), wait);
}

interface CodeMeaning {
  readonly kind: FailureKind;
  readonly what: (resource: string) => string;
  readonly next?: (resource: string) => string;
}

const meanings: Readonly<Record<number, CodeMeaning>> = {
  401: {
    kind: 'refused',
    what: () => 'the API server does not accept the credentials',
    next: () => 'log in again, or give other credentials with --kubeconfig or --context',
  },
  403: {
    kind: 'forbidden',
    what: resource => `${resource} may not be read with these credentials`,
    next: resource => `they must be allowed to list and to watch: kubectl auth can-i watch ${resource}`,
  },
  404: {
    kind: 'refused',
    what: resource => `the API server does not have ${resource}`,
    next: () => 'kproxy needs Kubernetes 1.21 or newer (discovery.k8s.io/v1)',
  },
  410: { kind: 'expired', what: resource => `the API server forgets the history of ${resource} at once` },
  429: { kind: 'busy', what: () => 'the API server has too much to do' },
};

function failureOfCode(
  resource: string,
  code: number,
  detail: string,
  retryAfterSeconds: number | undefined,
): FollowFailure {
  const meaning = meanings[code] ?? meaningOfOther(code);
  return new FollowFailure({
    kind: meaning.kind,
    what: meaning.what(resource),
    detail,
    retryAfterSeconds,
    ...(meaning.next === undefined ? {} : { next: meaning.next(resource) }),
  });
}

/** kubectl proxy answers 500 or 502 in the API server's place when that cannot be reached. */
const meaningOfOther = (code: number): CodeMeaning =>
  code >= 500
    ? { kind: 'unreachable', what: () => 'the API server cannot be reached, or does not work' }
    : { kind: 'refused', what: resource => `the API server answers with ${code} when asked for ${resource}` };

export function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
