import { shortened, visible } from './visible.js';

/** What went wrong. `cli/exit-codes.ts` has the exit code of each. */
export type ErrorCode = UsageErrorCode | ClusterErrorCode | NodeErrorCode | ApplyErrorCode;

/** The command line, or a configuration that it names. */
export type UsageErrorCode = 'options-contradict' | 'option-invalid' | 'configuration-invalid';

/** The cluster, or the files read in its place. */
export type ClusterErrorCode =
  | 'kubectl-missing'
  | 'kubectl-failed'
  | 'kubectl-hangs'
  | 'list-incomplete'
  | 'namespace-missing'
  | 'input-unreadable'
  | 'input-malformed'
  | 'input-irrelevant'
  | 'folder-unwritable'
  | 'cluster-empty'
  | 'service-missing'
  | 'port-missing'
  | 'pod-missing'
  | 'node-unknown'
  | 'node-networks-missing';

/** The node, or what stands in for it: a snapshot, the sandbox, the machines of a running lesson. */
export type NodeErrorCode =
  | 'tool-missing'
  | 'tool-hangs'
  | 'tool-failed'
  | 'machine-limit'
  | 'output-not-understood'
  | 'table-unreadable'
  | 'address-unusable'
  | 'two-iptables-backends'
  | 'scheduler-missing'
  | 'family-unserved'
  | 'lock-unavailable'
  | 'lock-held'
  | 'snapshot-unreadable'
  | 'snapshot-invalid'
  | 'sandbox-unavailable'
  | 'sandbox-failed'
  | 'lesson-unavailable';

/** Changes that were begun. */
export type ApplyErrorCode =
  | 'apply-failed'
  | 'not-read-back'
  | 'changes-missing'
  | 'leftovers-present'
  | 'endpoints-not-written';

export interface KproxyErrorOptions {
  readonly code: ErrorCode;
  /** What failed, in one line. */
  readonly message: string;
  /** A tool's stderr, or the state that things are in. May have several lines. */
  readonly evidence?: string;
  /** What the user does next: whole sentences on one line. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** An error meant for the user: what failed, the evidence, and what to do next. Any other thrown value is a bug. */
export class KproxyError extends Error {
  override readonly name = 'KproxyError';
  readonly code: ErrorCode;
  readonly evidence: string | undefined;
  readonly advice: string | undefined;

  /** Makes control characters of the texts visible and bounds their lengths: they quote tools, files and objects. */
  constructor({ code, message, evidence, advice, cause }: KproxyErrorOptions) {
    super(shortLine(message), { cause });
    this.code = code;
    this.evidence = evidence === undefined ? undefined : boundedEvidence(evidence);
    this.advice = advice === undefined ? undefined : shortLine(advice);
  }
}

/** In characters. */
const longestLine = 2_000;
/** A tool says the cause first and the consequences last. */
const mostLinesAtEachEnd = 20;

const shortLine = (line: string): string => shortened(visible(shortened(line, longestLine)), longestLine);

function boundedEvidence(evidence: string): string {
  const lines = evidence.split('\n');
  const left = lines.length - 2 * mostLinesAtEachEnd;
  const shown =
    left > 1
      ? [...lines.slice(0, mostLinesAtEachEnd), `\u2026 (${left} more lines)`, ...lines.slice(-mostLinesAtEachEnd)]
      : lines;
  return shown.map(line => shortLine(line.replaceAll('\t', '  '))).join('\n');
}

/** Returns the message of an error, or the text of any other thrown value. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
