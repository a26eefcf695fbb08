import { execa } from 'execa';
import type { Kubectl, KubectlResult } from './kubectl-command.js';
import { kubectlMissing } from './kubectl-error.js';

export interface KubectlFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** A list of ten thousand Services has tens of megabytes; execa's own limit would cut a larger one off. */
const longestAnswer = 1_000_000_000;

/** kproxy's `--kubeconfig` and `--context` as kubectl's arguments. */
export const kubectlArguments = ({ kubeconfig, context }: KubectlFlags): readonly string[] => [
  ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
  ...(context === undefined ? [] : ['--context', context]),
];

/** The real kubectl, found in PATH, with kproxy's own flags passed through. */
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
