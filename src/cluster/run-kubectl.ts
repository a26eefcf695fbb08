import { execa } from 'execa';
import type { Kubectl, KubectlResult } from './kubectl-command.js';
import { kubectlMissing } from './kubectl-error.js';

export interface KubectlFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * In bytes. execa's own limit of 100 MB would truncate a very large list, if a proxy before the API server ignores the
 * limit of a page.
 */
const longestAnswer = 1_000_000_000;

/** Returns kproxy's `--kubeconfig` and `--context` as kubectl's arguments. */
export const kubectlArguments = ({ kubeconfig, context }: KubectlFlags): readonly string[] => [
  ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
  ...(context === undefined ? [] : ['--context', context]),
];

/** Returns the kubectl of PATH, which gets kproxy's own flags. */
export function createKubectl(flags: KubectlFlags = {}): Kubectl {
  const ownArguments = kubectlArguments(flags);
  return (argv, input) => run([...ownArguments, ...argv], input);
}

async function run(argv: readonly string[], input: string | undefined): Promise<KubectlResult> {
  const result = await execa('kubectl', argv, {
    reject: false,
    stripFinalNewline: false,
    maxBuffer: longestAnswer,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  if (result.code !== undefined && result.exitCode === undefined && result.signal === undefined) {
    throw kubectlMissing(result.cause as NodeJS.ErrnoException);
  }
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode ?? 1 };
}
