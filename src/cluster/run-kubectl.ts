import { constants } from 'node:os';
import { execa } from 'execa';
import type { Kubectl } from './kubectl-command.js';
import { kubectlFloods, kubectlHangs, kubectlMissing } from './kubectl-error.js';

export interface KubectlFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** The URL of the API server, in place of the kubeconfig's. */
  readonly server?: string | undefined;
  /** How long kubectl may wait for one answer of the API server, in milliseconds. */
  readonly requestTimeout?: number | undefined;
}

/** In milliseconds. The API server itself gives up after 60 seconds. */
export const defaultRequestTimeout = 30_000;

/**
 * In milliseconds. So much longer than a request kubectl may take before it is killed: it starts, and may have to run a
 * credential plugin, which does not know the limit of a request.
 */
const grace = 5_000;

/**
 * In bytes. 10,000 Services with their EndpointSlices are 45 MB, if a proxy before the API server ignores the limit of
 * a page. An answer without an end must not take all memory.
 */
const longestAnswer = 128_000_000;

/** Returns kproxy's `--kubeconfig`, `--context` and `--master` as kubectl's arguments. */
export const kubectlArguments = ({ kubeconfig, context, server }: KubectlFlags): readonly string[] => [
  ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
  ...(context === undefined ? [] : ['--context', context]),
  ...(server === undefined ? [] : ['--server', server]),
];

/** Returns the kubectl of PATH, which gets kproxy's own flags. */
export function createKubectl(flags: KubectlFlags = {}): Kubectl {
  const { requestTimeout = defaultRequestTimeout } = flags;
  const ownArguments = [`--request-timeout=${requestTimeout}ms`, ...kubectlArguments(flags)];
  return async (argv, input) => {
    const kubectl = start([...ownArguments, ...argv], input);
    const result = await withinLimit(kubectl, requestTimeout + grace, input !== undefined);
    if (result === 'late') throw kubectlHangs(argv, { requestTimeout, isWriting: input !== undefined });
    if (result.isMaxBuffer) throw kubectlFloods(argv, longestAnswer);
    if (result.code !== undefined && result.exitCode === undefined && result.signal === undefined)
      throw kubectlMissing(result.cause as NodeJS.ErrnoException);
    return { stdout: result.stdout, stderr: result.stderr, exitCode: exitCodeOf(result) };
  };
}

/** Returns the exit status as a shell would report it: 128 and the number of the signal that ended kubectl. */
const exitCodeOf = ({ exitCode, signal }: Awaited<RunningKubectl>): number =>
  exitCode ?? (signal === undefined ? 1 : 128 + constants.signals[signal]);

type RunningKubectl = ReturnType<typeof start>;

const start = (argv: readonly string[], input: string | undefined) =>
  execa('kubectl', argv, {
    reject: false,
    stripFinalNewline: false,
    maxBuffer: longestAnswer,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });

/**
 * Returns how kubectl ended, or kills it after the limit and returns `late`. If it writes, the limit begins again with
 * each object that it reports: many objects may take longer than one request.
 */
async function withinLimit(kubectl: RunningKubectl, milliseconds: number, isWriting: boolean) {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>(resolve => {
    limit = setTimeout(resolve, milliseconds, 'late');
  });
  // It reports a refused object on stderr.
  if (isWriting) for (const stream of [kubectl.stdout, kubectl.stderr]) stream.on('data', () => limit?.refresh());
  const result = await Promise.race([kubectl, late]);
  clearTimeout(limit);
  limit = undefined;
  if (result === 'late') abandon(kubectl);
  return result;
}

/** Kills kubectl. Does not wait for a program that it has started, which would keep the pipes open. */
function abandon(kubectl: RunningKubectl): void {
  kubectl.kill('SIGKILL');
  kubectl.stdout.destroy();
  kubectl.stderr.destroy();
  kubectl.unref();
}
