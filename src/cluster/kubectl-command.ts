export interface KubectlResult {
  readonly stdout: string;
  /** Warnings stand here too (`v1 Endpoints is deprecated`), also when all went well. */
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs kubectl with these arguments and, where given, this text as its stdin. Throws a KproxyError where it cannot be started. */
export type Kubectl = (argv: readonly string[], input?: string) => Promise<KubectlResult>;
