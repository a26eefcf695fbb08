import { isMapping, type Mapping, textOf } from '../objects.js';
import { parsedOrUndefined } from '../parsed.js';
import { type FailureKind, FollowFailure } from './failure.js';

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
  told: Mapping,
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
