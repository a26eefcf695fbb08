/** Exit codes of every command (README, "Exit codes"). */
export const ExitCode = {
  done: 0,
  differences: 1,
  usage: 2,
  clusterUnreadable: 3,
  nodeUnreadable: 4,
  applyFailed: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface KproxyErrorOptions {
  /** What failed, in one line. */
  readonly message: string;
  readonly exitCode: ExitCode;
  /** The evidence: a tool's stderr, the state that things are in. May have several lines. */
  readonly detail?: string;
  /** What the user does next, in one line. */
  readonly next?: string;
  readonly cause?: unknown;
}

/** An error that a user is meant to read: what failed, the evidence, and what to do next. Anything else that is thrown is a bug. */
export class KproxyError extends Error {
  override readonly name = 'KproxyError';
  readonly exitCode: ExitCode;
  readonly detail: string | undefined;
  readonly next: string | undefined;

  constructor(options: KproxyErrorOptions) {
    super(options.message, { cause: options.cause });
    this.exitCode = options.exitCode;
    this.detail = options.detail;
    this.next = options.next;
  }
}
