import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { KproxyError } from '../../errors.js';
import type { ClusterKind } from '../kinds.js';
import { kubectlError, kubectlMissing } from '../kubectl-error.js';
import { type KubectlFlags, kubectlArguments } from '../run-kubectl.js';
import { acceptedPaths } from './accept-paths.js';
import { createPrivateFolder, type PrivateFolder } from './private-folder.js';

export interface ProxyFlags extends KubectlFlags {
  readonly kinds: readonly ClusterKind[];
}

/** A `kubectl proxy` that listens. */
export interface ProxyProcess {
  readonly socketPath: string;
  /** Whether it runs and nothing was found to be wrong with it. */
  isUsable(): boolean;
  /** It is not to be used any more: whoever needs one next stops it and starts another. */
  retire(): void;
  /** Ends it, whatever state it is in, and removes its folder. */
  stop(): Promise<void>;
}

/** kubectl may have to run a credential plugin first, which may have to ask somebody over the network. */
const longestStart = 60_000;

/**
 * Starts `kubectl proxy` on a socket in a folder of its own and waits until it listens. It lets nothing through but reads
 * of these kinds. Throws a KproxyError (exit code 3) where it does not come to that, also because `closing` aborts.
 */
export async function startProxyProcess(flags: ProxyFlags, closing: AbortSignal): Promise<ProxyProcess> {
  const folder = await createPrivateFolder();
  const argv = proxyArguments(flags, folder.socketPath);
  const [program = 'kubectl', ...rest] = [...(await endsWithParent()), 'kubectl', ...argv];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: withSmallHeap() });
  const process = proxyProcess(child, folder);
  const abandon = () => void process.stop();
  closing.addEventListener('abort', abandon);
  try {
    if (closing.aborted) abandon();
    await untilListening(child, argv);
    return process;
  } catch (error) {
    await process.stop();
    throw error;
  } finally {
    closing.removeEventListener('abort', abandon);
  }
}

/** What it has to pass on it need not keep: Go's collector, which lets the heap grow to twice its size, costs 3 of 48 MB here. */
const withSmallHeap = (): NodeJS.ProcessEnv => ({ GOGC: '10', ...process.env });

const proxyArguments = (flags: ProxyFlags, socketPath: string): readonly string[] => [
  ...kubectlArguments(flags),
  'proxy',
  `--unix-socket=${socketPath}`,
  '--reject-methods=^(POST|PUT|PATCH|DELETE)$',
  `--accept-paths=${acceptedPaths(flags.kinds)}`,
];

/** The kernel ends the proxy when kproxy ends, also when that is killed. BusyBox has a setpriv that cannot do this. */
async function endsWithParent(): Promise<readonly string[]> {
  const argv = ['setpriv', '--pdeathsig', 'TERM', '--'] as const;
  const [program, ...rest] = argv;
  return promisify(execFile)(program, [...rest, 'true']).then(
    () => argv,
    () => [],
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
      // It has nothing to save, and a process that was stopped or hangs hears nothing else.
      if (isRunning() && child.kill('SIGKILL')) await once(child, 'exit');
      // A credential plugin that outlives kubectl keeps them open, and with them this process.
      child.stdout?.destroy();
      child.stderr?.destroy();
      await folder.remove();
      process.off('exit', atExit);
    },
  };
}

/** kubectl writes a line to stderr each time that the API server cannot be reached, for as long as it runs. */
const enoughOfStderr = 4096;

/** A credential plugin may outlive kubectl and keep its stderr open: what has not been read after this is not waited for. */
const lastWords = 200;

function untilListening(child: ChildProcess, argv: readonly string[]): Promise<void> {
  let stderr = '';
  let stdout = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-enoughOfStderr);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(notListening(argv, stderr)), longestStart);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-enoughOfStderr);
      if (!stdout.includes('Starting to serve')) return;
      clearTimeout(timer);
      resolve();
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(kubectlMissing(error));
    });
    const ended = (exitCode: number | null) => {
      clearTimeout(timer);
      reject(startFailure(argv, stderr, exitCode));
    };
    child.on('close', ended);
    child.on('exit', exitCode => setTimeout(ended, lastWords, exitCode).unref());
  });
}

function startFailure(argv: readonly string[], stderr: string, exitCode: number | null): KproxyError {
  if (stderr.startsWith('setpriv:') && exitCode === 127) return kubectlMissing(Object.assign(new Error(), noEntry));
  return kubectlError(argv, { stdout: '', stderr, exitCode: exitCode ?? 1 });
}

const noEntry = { code: 'ENOENT' } as const;

const notListening = (argv: readonly string[], stderr: string): KproxyError =>
  new KproxyError({
    message: `kubectl ${argv.join(' ')}: does not come to listen within ${longestStart / 1000} seconds`,
    code: 'kubectl-hangs',
    evidence: stderr.trim(),
    advice: 'run the same kubectl command by hand: it may wait for a login',
  });
