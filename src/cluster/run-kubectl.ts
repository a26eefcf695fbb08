import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { userEnvironment } from '../run/environment.js';
import { type ProcessEnd, startProcess } from '../run/start-process.js';
import { exitStatus } from '../run/tool-errors.js';
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

/** Returns kproxy's `--kubeconfig`, `--context` and `--master` as kubectl's arguments. */
export const kubectlArguments = ({ kubeconfig, context, server }: KubectlFlags): readonly string[] => [
  ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
  ...(context === undefined ? [] : ['--context', context]),
  ...(server === undefined ? [] : ['--server', server]),
];

/** Returns the kubectl of the folders that `userFolders` returns. It gets kproxy's own flags. */
export function createKubectl(flags: KubectlFlags = {}): Kubectl {
  const { requestTimeout = defaultRequestTimeout } = flags;
  const ownArguments = [`--request-timeout=${requestTimeout}ms`, ...kubectlArguments(flags)];
  return async (argv, input) => {
    const kubectl = start([...ownArguments, ...argv], input);
    const result = await withinLimit(kubectl, requestTimeout + grace, input !== undefined);
    if (result === 'late') throw kubectlHangs(argv, { requestTimeout, isWriting: input !== undefined });
    if (result.isEndless) throw kubectlFloods(argv, longestAnswer);
    if (result.error !== undefined) throw kubectlMissing(result.error);
    return { stdout: result.stdout, stderr: result.stderr, exitCode: exitStatus(result) };
  };
}

interface KubectlEnd extends ProcessEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** It was killed because it printed too much. */
  readonly isEndless: boolean;
}

interface RunningKubectl {
  readonly child: ChildProcess | undefined;
  readonly ended: Promise<KubectlEnd>;
}

function start(argv: readonly string[], input: string | undefined): RunningKubectl {
  const { child, ended } = startProcess(['kubectl', ...argv], {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: userEnvironment(),
  });
  child?.stdin?.on('error', () => {}).end(input);
  let isEndless = false;
  const kill = (): void => {
    isEndless = true;
    child?.kill('SIGKILL');
  };
  const [stdout, stderr] = [textOf(child?.stdout, kill), textOf(child?.stderr, kill)];
  const result = async () => ({ ...(await ended), stdout: await stdout, stderr: await stderr, isEndless });
  return { child, ended: result() };
}

/**
 * In bytes. 10,000 Services with their EndpointSlices are 45 MB, if a proxy before the API server ignores the limit of
 * a page. An answer without an end must not take all memory.
 */
const longestAnswer = 128_000_000;

/** Returns all that a pipe carries until it is closed. Closes it if the text is too long, and calls `onEndless`. */
function textOf(pipe: Readable | null | undefined, onEndless: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise(resolve => {
    if (pipe == null) return resolve('');
    let bytes = 0;
    pipe.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= longestAnswer) return;
      chunks.length = 0;
      pipe.destroy();
      onEndless();
    });
    pipe.on('error', () => {}).on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

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
  if (isWriting)
    for (const stream of [kubectl.child?.stdout, kubectl.child?.stderr]) stream?.on('data', () => limit?.refresh());
  const result = await Promise.race([kubectl.ended, late]);
  clearTimeout(limit);
  limit = undefined;
  if (result === 'late') abandon(kubectl);
  return result;
}

/** Kills kubectl. Does not wait for a program that it has started, which would keep the pipes open. */
function abandon({ child }: RunningKubectl): void {
  child?.kill('SIGKILL');
  child?.stdout?.destroy();
  child?.stderr?.destroy();
  child?.unref();
}
