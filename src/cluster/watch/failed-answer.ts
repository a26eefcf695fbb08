import { tryParseJson } from '../json.js';
import { isMapping, type Mapping, textOf } from '../objects.js';
import { type FailureKind, ReflectorFailure } from './failure.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Returns the failure that an answer other than 200 means. Its text is a `Status` of the API server, or the plain text
 * of a proxy before it.
 */
export function failureOfAnswer(resource: string, { status, text, retryAfterSeconds }: ErrorAnswer): ReflectorFailure {
  const object = tryParseJson(text);
  if (isMapping(object) && object.kind === 'Status')
    return failureOfStatus(resource, object, { code: status, retryAfterSeconds });
  return failureOfCode(resource, { code: status, detail: text, retryAfterSeconds });
}

interface AnswerHead {
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;
}

/** Returns the failure that a `Status` means. An ERROR event carries one too, without an answer of its own. */
export function failureOfStatus(resource: string, status: Mapping, head?: AnswerHead): ReflectorFailure {
  const code = typeof status.code === 'number' ? status.code : (head?.code ?? 500);
  const isExpired = status.reason === 'Expired' || status.reason === 'Gone';
  const kind = isTooNew(status) ? 'too-new' : status.reason === 'InternalError' ? 'internal' : undefined;
  const { retryAfterSeconds } = isMapping(status.details) ? status.details : {};
  return failureOfCode(resource, {
    code: isExpired ? 410 : code,
    kind,
    detail: textOf(status.message),
    retryAfterSeconds:
      head?.retryAfterSeconds ?? (typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined),
  });
}

/** The words are those since 1.17. The cause is given since 1.18.6 (client-go, tools/cache/reflector.go). */
function isTooNew({ details, message }: Mapping): boolean {
  const causes = isMapping(details) && Array.isArray(details.causes) ? details.causes : [];
  return (
    causes.some(cause => isMapping(cause) && cause.reason === 'ResourceVersionTooLarge') ||
    textOf(message).includes('Too large resource version')
  );
}

interface CodeMeaning {
  readonly kind: FailureKind;
  readonly what: (resource: string) => string;
  readonly advice?: (resource: string) => string;
}

const parameterMeaning = (code: number): CodeMeaning => ({
  kind: 'unsupported',
  what: resource => `the API server answers ${code} to a request for ${resource}`,
});

const meanings: Readonly<Record<number, CodeMeaning>> = {
  401: {
    kind: 'refused',
    what: () => 'the API server does not accept the credentials',
    advice: () => 'Log in again, or give other credentials with --kubeconfig or --context.',
  },
  403: {
    kind: 'forbidden',
    what: resource => `${resource} may not be read with these credentials`,
    advice: resource => `They need the verbs list and watch: kubectl auth can-i watch ${resource}.`,
  },
  404: {
    kind: 'refused',
    what: resource => `the API server does not have ${resource}`,
    advice: () => 'kproxy needs Kubernetes 1.21 or newer (discovery.k8s.io/v1).',
  },
  400: parameterMeaning(400),
  422: parameterMeaning(422),
  410: { kind: 'expired', what: resource => `the API server drops the history of ${resource} at once` },
  429: { kind: 'busy', what: () => 'the API server is overloaded' },
};

interface AnswerFailure extends AnswerHead {
  /** The kind of failure, if it says more than the code. */
  readonly kind?: FailureKind | undefined;
  /** The server's own words. */
  readonly detail: string;
}

function failureOfCode(resource: string, failure: AnswerFailure): ReflectorFailure {
  const { code, detail, retryAfterSeconds } = failure;
  const { kind, what, advice } = meanings[code] ?? otherMeaning(code);
  return new ReflectorFailure({
    kind: failure.kind ?? kind,
    code,
    what: what(resource),
    detail,
    retryAfterSeconds,
    advice: advice?.(resource),
  });
}

/** kubectl proxy answers 500 or 502 itself if it cannot reach the API server. */
const otherMeaning = (code: number): CodeMeaning =>
  code >= 500
    ? { kind: 'unreachable', what: () => 'the API server cannot be reached, or does not work' }
    : { kind: 'refused', what: resource => `the API server answers ${code} to a request for ${resource}` };
