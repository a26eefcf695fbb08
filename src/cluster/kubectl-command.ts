export interface KubectlResult {
  readonly stdout: string;
  /** Holds warnings (`v1 Endpoints is deprecated`) even if the command succeeded. */
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Runs kubectl with these arguments and, if given, this text as its stdin.
 * @throws KproxyError `kubectl-missing` if kubectl cannot be started, `kubectl-hangs` if it does not end
 */
export type Kubectl = (argv: readonly string[], input?: string) => Promise<KubectlResult>;
