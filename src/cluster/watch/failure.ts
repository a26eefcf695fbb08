import { KproxyError } from '../../errors.js';
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
  /** Whether it is over for this kind when another finds the API server back. */
  readonly waitsForServer: boolean;
}

/**
 * After the API server was away everything is listed anew although the old place might do: etcd may have been restored
 * from a backup meanwhile, and a watch from a resourceVersion of the future is silent.
 */
export const failurePolicies: Readonly<Record<FailureKind, FailurePolicy>> = {
  broken: { quietAtFirst: true, keepsPlace: true, waitsForServer: true },
  silent: { quietAtFirst: true, keepsPlace: true, waitsForServer: true },
  busy: { quietAtFirst: true, keepsPlace: true, waitsForServer: false },
  hurried: { quietAtFirst: true, keepsPlace: true, waitsForServer: false },
  expired: { quietAtFirst: true, keepsPlace: false, waitsForServer: false },
  forbidden: { quietAtFirst: false, keepsPlace: false, waitsForServer: false },
  refused: { quietAtFirst: false, keepsPlace: false, waitsForServer: true },
  garbage: { quietAtFirst: false, keepsPlace: false, waitsForServer: false },
  unreachable: { quietAtFirst: false, keepsPlace: false, waitsForServer: true },
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
    const { message, evidence: detail = '', advice: next } = error;
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
