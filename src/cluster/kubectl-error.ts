import { KproxyError } from '../errors.js';
import type { KubectlResult } from './kubectl-command.js';
import { quotedIfHostile } from './problems.js';

interface KnownFailure {
  readonly pattern: RegExp;
  readonly what: string;
  readonly advice: string;
}

/** kubectl has one exit code for everything: what went wrong is known from the words on its stderr. */
const knownFailures: readonly KnownFailure[] = [
  {
    pattern: /\(Forbidden\)|forbidden: User/,
    what: 'the API server forbids it',
    advice:
      'use credentials that may list services, endpointslices, endpoints, pods and nodes: kubectl auth can-i list services -A',
  },
  {
    pattern: /\(Unauthorized\)|must be logged in|asked for the client to provide credentials/,
    what: 'the API server does not accept the credentials',
    advice: 'log in again, or give other credentials with --kubeconfig or --context',
  },
  {
    pattern: /context "?.*"? does not exist|context was not found|no context exists|cluster ".*" does not exist/,
    what: 'the context does not exist',
    advice: 'choose one of kubectl config get-contexts',
  },
  {
    pattern:
      /error loading config file|stat .*: no such file|CreateFile .*: The system cannot find|Missing or incomplete configuration/,
    what: 'the kubeconfig cannot be used',
    advice: 'give one with --kubeconfig FILE or in KUBECONFIG, or read objects from files with --from',
  },
  {
    pattern: /x509:|tls:|certificate/i,
    what: "the API server's certificate is not trusted",
    advice: "check the cluster's certificate-authority and server in the kubeconfig",
  },
  {
    pattern:
      /connection to the server|Unable to connect to the server|dial tcp|connection refused|no such host|i\/o timeout|EOF/i,
    what: 'the API server cannot be reached',
    advice:
      'check the cluster, the kubeconfig and the context (kubectl cluster-info), or read objects from files with --from',
  },
  {
    pattern: /could not find the requested resource/,
    what: 'the API server does not have this kind of object',
    advice: 'kproxy needs Kubernetes 1.21 or newer (discovery.k8s.io/v1)',
  },
];

export const isForbidden = ({ stderr, exitCode }: KubectlResult): boolean =>
  exitCode !== 0 && /\(Forbidden\)/.test(stderr);
export const isNotFound = ({ stderr, exitCode }: KubectlResult): boolean =>
  exitCode !== 0 && /\(NotFound\)/.test(stderr);

/** What kubectl's failure means and what to do about it. Its own words are in `detail`. */
export function kubectlError(argv: readonly string[], { stderr, exitCode }: KubectlResult): KproxyError {
  const known = knownFailures.find(({ pattern }) => pattern.test(stderr));
  const command = quotedIfHostile(['kubectl', ...argv].join(' '));
  return new KproxyError({
    message: `${command}: ${known?.what ?? `failed with exit code ${exitCode}`}`,
    code: 'kubectl-failed',
    evidence: stderr.trim(),
    advice: known?.advice ?? 'run the same kubectl command by hand to see more',
  });
}

/** kubectl is not installed, or may not be run. */
export const kubectlMissing = (cause: NodeJS.ErrnoException): KproxyError =>
  new KproxyError({
    message:
      cause.code === 'ENOENT'
        ? 'kubectl is not installed (not found in PATH)'
        : `kubectl cannot be run: ${cause.message}`,
    code: 'kubectl-missing',
    advice: 'install kubectl, or read objects from files with --from',
    cause,
  });

export const garbageError = (path: string, stdout: string): KproxyError =>
  new KproxyError({
    message: `kubectl get --raw ${path}: the answer is not a whole list of objects`,
    code: 'list-incomplete',
    evidence: `${stdout.length} characters, which start with ${JSON.stringify(stdout.slice(0, 80))}`,
    advice:
      'run the same kubectl command by hand: something between kproxy and the API server changes or cuts off the answer',
  });

export const namespaceMissing = (namespace: string): KproxyError =>
  new KproxyError({
    message: `namespaces ${JSON.stringify(namespace)} not found`,
    code: 'namespace-missing',
    advice: 'choose one of kubectl get namespaces',
  });
