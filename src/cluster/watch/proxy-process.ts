import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KproxyError } from '../../errors.js';
import { userEnvironment } from '../../run/environment.js';
import { limitAdvice } from '../../run/machine-limit.js';
import type { ClusterKind } from '../kinds.js';
import { kubectlError, kubectlMissing } from '../kubectl-error.js';
import { quotedIfHostile } from '../problems.js';
import { defaultRequestTimeout, type KubectlFlags, kubectlArguments } from '../run-kubectl.js';
import { acceptedPaths } from './accept-paths.js';
import { createPrivateFolder, type PrivateFolder } from './private-folder.js';

export interface ProxyFlags extends KubectlFlags {
  readonly kinds: readonly ClusterKind[];
  /** Lets Events through too. */
  readonly writesEvents?: boolean;
  /** The folder in which the socket's folder is made. */
  readonly folder?: string;
}

/** A `kubectl proxy` that has begun to listen. */
export interface ProxyProcess {
  readonly socketPath: string;
  /** Returns true if it runs and is not retired. */
  isUsable(): boolean;
  /** Marks it as unusable. The next request stops it and starts another. */
  retire(): void;
  /** Kills it in any state and removes its folder. */
  stop(): Promise<void>;
}

/** How long a killed proxy may take to end, in milliseconds. One that waits inside the kernel does not end at all. */
const endLimit = 1_000;

/**
 * Starts `kubectl proxy` on a socket in its own folder and waits until it listens. It lets only reads of these kinds
 * through, and with `writesEvents` new and repeated Events. kubectl cannot limit a method to some of the paths, so
 * permissions alone keep this process from creating objects of these kinds then.
 * @throws KproxyError `kubectl-missing`, `kubectl-failed`, `kubectl-hangs`, `machine-limit` or `folder-unwritable` if
 *   it does not begin to listen, also if `closing` aborts
 */
export async function startProxyProcess(flags: ProxyFlags, closing: AbortSignal): Promise<ProxyProcess> {
  const prefix = await deathSignalCommand();
  const folder = await createPrivateFolder(flags.folder);
  const argv = proxyArguments(flags, folder.socketPath);
  const [program = 'kubectl', ...rest] = [...prefix, 'kubectl', ...argv];
  const child = await spawned(program, rest, folder);
  const process = proxyProcess(child, folder);
  const stop = () => void process.stop();
  closing.addEventListener('abort', stop);
  try {
    if (closing.aborted) stop();
    await untilListening(child, argv, flags.requestTimeout ?? defaultRequestTimeout);
    return process;
  } catch (error) {
    await process.stop();
    throw error;
  } finally {
    closing.removeEventListener('abort', stop);
  }
}

/** Starts kubectl. Without memory for another process Node throws; at other limits the child emits the error. */
async function spawned(program: string, words: readonly string[], folder: PrivateFolder): Promise<ChildProcess> {
  try {
    return spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: withSmallHeap() });
  } catch (error) {
    await folder.remove();
    throw kubectlMissing(error as NodeJS.ErrnoException);
  }
}

/** The proxy keeps nothing, so Go's collector need not let the heap double (GOGC=100). Saves 3 of 48 MB. */
const withSmallHeap = (): NodeJS.ProcessEnv => ({ GOGC: '10', ...userEnvironment() });

const proxyArguments = (flags: ProxyFlags, socketPath: string): readonly string[] => [
  ...kubectlArguments(flags),
  'proxy',
  `--unix-socket=${socketPath}`,
  `--reject-methods=^(${flags.writesEvents ? 'PATCH|DELETE' : 'POST|PUT|PATCH|DELETE'})$`,
  `--accept-paths=${acceptedPaths(flags.kinds, flags.writesEvents)}`,
];

/** How long a trial of setpriv may take, in milliseconds. */
const trialLimit = 5_000;

/**
 * Returns the command before kubectl that makes the kernel end the proxy when kproxy ends, even if kproxy is killed.
 * Returns nothing if setpriv is missing or, as BusyBox's, does not know the option.
 * @throws KproxyError `machine-limit` if no process can be started
 */
async function deathSignalCommand(): Promise<readonly string[]> {
  const argv = ['setpriv', '--pdeathsig', 'TERM', '--'] as const;
  const [program, ...rest] = argv;
  return promisify(execFile)(program, [...rest, 'true'], { timeout: trialLimit, env: userEnvironment() }).then(
    () => argv,
    error => {
      if (limitAdvice(error) !== undefined) throw kubectlMissing(error);
      return [];
    },
  );
}

function proxyProcess(child: ChildProcess, folder: PrivateFolder): ProxyProcess {
  let isRetired = false;
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const atExit = () => {
    child.kill('SIGKILL');
    folder.removeNow();
  };
  process.on('exit', atExit);
  return {
    socketPath: folder.socketPath,
    isUsable: () => !isRetired && isRunning(),
    retire() {
      isRetired = true;
    },
    async stop() {
      isRetired = true;
      // It has nothing to save, and only SIGKILL ends a process that is stopped or hangs.
      if (isRunning() && child.kill('SIGKILL')) await Promise.race([once(child, 'exit'), pause(endLimit)]);
      // A credential plugin that outlives kubectl would keep the pipes open, and the pipes this process.
      child.stdout?.destroy();
      child.stderr?.destroy();
      await folder.remove();
      process.off('exit', atExit);
    },
  };
}

/** In characters. kubectl writes a line each time that the API server cannot be reached. */
const maximumOutput = 4096;

/**
 * In milliseconds. A credential plugin may outlive kubectl and keep its stderr open, so the wait for its end is
 * limited.
 */
const stderrGrace = 200;

/** kubectl may have to run a credential plugin before it listens, which may wait for the network or for a login. */
function untilListening(child: ChildProcess, argv: readonly string[], milliseconds: number): Promise<void> {
  let stderr = '';
  let stdout = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-maximumOutput);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(notListening(argv, milliseconds, stderr)), milliseconds);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-maximumOutput);
      if (!stdout.includes('Starting to serve')) return;
      clearTimeout(timer);
      resolve();
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(kubectlMissing(error));
    });
    const onEnd = (exitCode: number | null) => {
      clearTimeout(timer);
      reject(startFailure(argv, stderr, exitCode));
    };
    child.on('close', onEnd);
    child.on('exit', exitCode => setTimeout(onEnd, stderrGrace, exitCode).unref());
  });
}

function startFailure(argv: readonly string[], stderr: string, exitCode: number | null): KproxyError {
  if (stderr.startsWith('setpriv:') && exitCode === 127) return kubectlMissing(Object.assign(new Error(), noEntry));
  return kubectlError(argv, { stdout: '', stderr, exitCode: exitCode ?? 1 });
}

const noEntry = { code: 'ENOENT' } as const;

const notListening = (argv: readonly string[], milliseconds: number, stderr: string): KproxyError =>
  new KproxyError({
    message:
      `${quotedIfHostile(['kubectl', ...argv].join(' '))}: does not begin to listen within ` +
      `${milliseconds / 1000} s`,
    code: 'kubectl-hangs',
    evidence: stderr.trim(),
    advice: 'Run the same kubectl command by hand: it may wait for a login. --request-timeout allows more time.',
  });
