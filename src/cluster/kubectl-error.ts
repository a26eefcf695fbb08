import { KproxyError } from '../errors.js';
import { machineLimit } from '../run/machine-limit.js';
import { userFolders } from '../run/tool-path.js';
import type { KubectlResult } from './kubectl-command.js';
import { quotedIfHostile } from './problems.js';

interface KnownFailure {
  readonly pattern: RegExp;
  readonly what: string;
  /** What to do next, which may depend on kubectl's words. */
  readonly advice: string | ((stderr: string) => string);
}

/** Returns a pattern that matches if one of these does, in upper or lower case. */
function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'i');
}

/** kubectl has one exit code for all failures. Only the words on its stderr tell them apart. */
const knownFailures: readonly KnownFailure[] = [
  {
    pattern: /because it is being terminated/,
    what: 'the namespace is being deleted',
    advice: 'Find out what its deletion waits for (kubectl get namespace NAME -o yaml shows its conditions).',
  },
  {
    pattern: /exceeded quota/,
    what: 'a quota of the namespace is used up',
    advice: 'Raise the quota (kubectl get resourcequota -n NAMESPACE), or delete other objects.',
  },
  {
    pattern: /\(Forbidden\)|forbidden: User/,
    what: 'the API server forbids it',
    advice: permissionAdvice,
  },
  {
    pattern: anyOf(/Client\.Timeout/, /context deadline exceeded/, /TLS handshake timeout/, /\(Timeout\)/),
    what: 'the API server does not answer in time',
    advice: 'Check the cluster (kubectl cluster-info), or wait longer with --request-timeout.',
  },
  {
    // kubectl has tried it ten times more, each time after the pause that the API server wants (Retry-After).
    pattern: /\(TooManyRequests\)/,
    what: 'the API server is overloaded',
    advice: 'Run the command again later.',
  },
  {
    pattern: /\(Unauthorized\)|must be logged in|asked for the client to provide credentials/,
    what: 'the API server does not accept the credentials',
    advice: 'Log in again, or give other credentials with --kubeconfig or --context.',
  },
  {
    pattern: /context "?.*"? does not exist|context was not found|no context exists|cluster ".*" does not exist/,
    what: 'the context does not exist',
    advice: 'Choose one of those that kubectl config get-contexts lists.',
  },
  {
    pattern: anyOf(
      /error loading config file/,
      /stat .*: no such file/,
      /CreateFile .*: The system cannot find/,
      /Missing or incomplete configuration/,
    ),
    what: 'the kubeconfig cannot be used',
    advice: 'Give one with --kubeconfig FILE or in KUBECONFIG, or read objects from files with --from.',
  },
  {
    pattern: /x509:|tls:|certificate/i,
    what: "the API server's certificate is not trusted",
    advice: "Check the cluster's certificate-authority and server in the kubeconfig.",
  },
  {
    pattern: anyOf(
      /connection to the server/,
      /Unable to connect to the server/,
      /dial tcp/,
      /connection refused/,
      /no such host/,
      /i\/o timeout/,
      /EOF/,
    ),
    what: 'the API server cannot be reached',
    advice:
      'Check the cluster, the kubeconfig and the context (kubectl cluster-info), or read objects from files ' +
      'with --from.',
  },
  {
    pattern: /could not find the requested resource/,
    what: 'the API server does not have this kind of object',
    advice: 'kproxy needs Kubernetes 1.21 or newer (discovery.k8s.io/v1).',
  },
];

/**
 * The API server's words for a missing permission, as RBAC's authorizer writes them:
 * `cannot list resource "nodes" in API group "" at the cluster scope`.
 */
const missingPermission =
  /cannot ([a-z]+) resource "([a-z0-9./-]+)" in API group "([a-z0-9.-]*)"(?: in the namespace "([a-z0-9-]+)")?/;

function permissionAdvice(stderr: string): string {
  const [, verb, resource, group, namespace] = missingPermission.exec(stderr) ?? [];
  if (verb === undefined)
    return 'Use credentials with this permission: kubectl auth can-i --list shows what they have.';
  const name = group ? `${resource}.${group}` : resource;
  const scope = namespace === undefined ? '-A' : `-n ${namespace}`;
  return `Use credentials that may ${verb} ${name}: kubectl auth can-i ${verb} ${name} ${scope}.`;
}

/** Returns what to do about a failure that kubectl reports in these words, or undefined if they are not known. */
export function adviceFor(stderr: string): string | undefined {
  const advice = knownFailures.find(({ pattern }) => pattern.test(stderr))?.advice;
  return typeof advice === 'function' ? advice(stderr) : advice;
}

/** Returns true for the error of a kubectl that the API server answered with 403. */
export const isForbidden = (error: unknown): boolean => isApiError(error, /\(Forbidden\)/);

/**
 * Returns true for the error of a kubectl that the API server answered with 410: a token or resourceVersion is too
 * old.
 */
export const isExpired = (error: unknown): boolean => isApiError(error, /\((Expired|Gone)\)/);

/** Returns true for the error of a kubectl that the API server answered with 400: it does not know a parameter. */
export const isBadRequest = (error: unknown): boolean => isApiError(error, /\(BadRequest\)/);

const isApiError = (error: unknown, reason: RegExp): boolean =>
  error instanceof KproxyError && error.code === 'kubectl-failed' && reason.test(error.evidence ?? '');

export const isNotFound = ({ stderr, exitCode }: KubectlResult): boolean =>
  exitCode !== 0 && /\(NotFound\)/.test(stderr);

/** Builds the error of a kubectl that failed: what that means and what to do. kubectl's own words are the evidence. */
export function kubectlError(argv: readonly string[], { stderr, exitCode }: KubectlResult): KproxyError {
  const known = knownFailures.find(({ pattern }) => pattern.test(stderr));
  const command = quotedIfHostile(['kubectl', ...argv].join(' '));
  return new KproxyError({
    message: `${command}: ${known?.what ?? `failed with exit code ${exitCode}`}`,
    code: 'kubectl-failed',
    evidence: excerptOf(stderr),
    advice: adviceFor(stderr) ?? 'Run the same kubectl command by hand to see more.',
  });
}

const mostLines = 20;
const longestLine = 500;

/**
 * Returns what a kubectl said, within a bound and without control characters: its words may come from the cluster. The
 * last lines say most.
 */
function excerptOf(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const left = lines.length - mostLines;
  const shown = left > 0 ? [`… (${left} more lines before)`, ...lines.slice(left)] : lines;
  return shown.map(shortLine).join('\n');
}

function shortLine(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const text = line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}

/** Builds the error of a kubectl that is not installed or may not be run. */
export const kubectlMissing = (cause: NodeJS.ErrnoException): KproxyError =>
  machineLimit('kubectl cannot be started', cause) ??
  new KproxyError({
    message:
      cause.code === 'ENOENT'
        ? `kubectl is not installed (not found in ${userFolders().join(', ')})`
        : `kubectl cannot be run: ${cause.message}`,
    code: 'kubectl-missing',
    advice: 'Install kubectl, name its folder with --tool-path, or read objects from files with --from.',
    cause,
  });

interface Hang {
  /** In milliseconds. */
  readonly requestTimeout: number;
  readonly isWriting: boolean;
}

/** Builds the error of a kubectl that was killed because it did not end. */
export const kubectlHangs = (argv: readonly string[], { requestTimeout, isWriting }: Hang): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(['kubectl', ...argv].join(' '))}: no answer within ${requestTimeout / 1000} s`,
    code: 'kubectl-hangs',
    advice:
      `${isWriting ? 'Some objects may be written already. ' : ''}Check the cluster (kubectl cluster-info), run the ` +
      'command again, or wait longer with --request-timeout.',
  });

/** Builds the error of a kubectl that was killed because its output did not end. */
export const kubectlFloods = (argv: readonly string[], limit: number): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(['kubectl', ...argv].join(' '))}: printed more than ${limit / 1_000_000} MB`,
    code: 'list-incomplete',
    advice:
      'Run the same kubectl command by hand. Something between kproxy and the API server may send an endless answer.',
  });

/** @param command the kubectl command, and `evidence` the beginning of its answer */
export const incompleteList = (command: string, evidence: string): KproxyError =>
  new KproxyError({
    message: `${command}: the answer is not a complete list of objects`,
    code: 'list-incomplete',
    evidence,
    advice:
      'Run the same kubectl command by hand. Something between kproxy and the API server changes or truncates ' +
      'the answer.',
  });

export const namespaceMissing = (namespace: string): KproxyError =>
  new KproxyError({
    message: `namespaces ${JSON.stringify(namespace)} not found`,
    code: 'namespace-missing',
    advice: 'Choose one of those that kubectl get namespaces lists.',
  });
