import { fileURLToPath } from 'node:url';
import { exitCodeOfError, exitCodeOfOutcome } from '../../src/cli/exit-codes.js';
import type { Kubectl } from '../../src/cluster/kubectl-command.js';
import { runSync, type SyncOptions } from '../../src/commands/sync.js';
import { KproxyError } from '../../src/errors.js';
import type { NodeAccess } from '../../src/node/access.js';
import { defaultOptions, type ProxyOptions } from '../../src/proxy/options.js';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly error: KproxyError | undefined;
}

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** The tutorial's worker. */
export const tutorialProxy: ProxyOptions = {
  ...defaultOptions,
  nodeName: 'inajob',
  clusterCidrs: { IPv4: '10.244.0.0/16' },
};

const noKubectl: Kubectl = () => Promise.reject(new Error('this test has no kubectl'));

export interface Setting extends Partial<Omit<SyncOptions, 'source' | 'proxy'>> {
  /** Paths for --from, `-` for stdin; the tutorial's objects if neither this nor kubectl is given. */
  readonly from?: readonly string[];
  readonly stdin?: string;
  readonly kubectl?: Kubectl;
  readonly proxy?: Partial<ProxyOptions>;
}

/** Runs `kproxy sync` on a node as the command line does. */
export async function sync(node: NodeAccess, setting: Setting = {}): Promise<Outcome> {
  const { from, stdin = '', kubectl, proxy, ...options } = setting;
  const paths = from ?? (stdin !== '' ? ['-'] : kubectl === undefined ? [fixture('tutorial.yaml')] : []);
  const texts = { stdout: '', stderr: '' };
  const io = {
    stdout: (text: string) => {
      texts.stdout += text;
    },
    stderr: (text: string) => {
      texts.stderr += text;
    },
    readStdin: async () => stdin,
  };
  const all: SyncOptions = {
    source: { from: paths, kubectl: kubectl ?? noKubectl, namespace: options.namespace },
    namespace: undefined,
    allowEmpty: false,
    dryRun: false,
    script: 'steps',
    full: false,
    besideTutorial: false,
    sudo: false,
    ...options,
    proxy: { ...tutorialProxy, ...proxy },
  };
  try {
    const outcome = await runSync(all, node, io);
    return { ...texts, exitCode: exitCodeOfOutcome[outcome], error: undefined };
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    return { ...texts, exitCode: exitCodeOfError[error.code], error };
  }
}
