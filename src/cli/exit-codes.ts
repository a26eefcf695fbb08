import type { CommandOutcome } from '../commands/shared/outcome.js';
import type { ApplyErrorCode, ClusterErrorCode, ErrorCode, NodeErrorCode, UsageErrorCode } from '../errors.js';

/** Exit codes of every command (README, "Exit codes"). */
export const ExitCode = {
  done: 0,
  differences: 1,
  usage: 2,
  clusterUnreadable: 3,
  nodeUnreadable: 4,
  applyFailed: 5,
  outputUnwritable: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const usageErrors: Readonly<Record<UsageErrorCode, ExitCode>> = {
  'options-contradict': ExitCode.usage,
  'option-invalid': ExitCode.usage,
  'configuration-invalid': ExitCode.usage,
};

const clusterErrors: Readonly<Record<ClusterErrorCode, ExitCode>> = {
  'kubectl-missing': ExitCode.clusterUnreadable,
  'kubectl-failed': ExitCode.clusterUnreadable,
  'kubectl-hangs': ExitCode.clusterUnreadable,
  'list-incomplete': ExitCode.clusterUnreadable,
  'namespace-missing': ExitCode.clusterUnreadable,
  'input-unreadable': ExitCode.clusterUnreadable,
  'input-malformed': ExitCode.clusterUnreadable,
  'input-irrelevant': ExitCode.clusterUnreadable,
  'folder-unwritable': ExitCode.clusterUnreadable,
  'cluster-empty': ExitCode.clusterUnreadable,
  'service-missing': ExitCode.clusterUnreadable,
  'port-missing': ExitCode.clusterUnreadable,
  'pod-missing': ExitCode.clusterUnreadable,
  'node-unknown': ExitCode.clusterUnreadable,
  'node-networks-missing': ExitCode.clusterUnreadable,
};

const nodeErrors: Readonly<Record<NodeErrorCode, ExitCode>> = {
  'tool-missing': ExitCode.nodeUnreadable,
  'tool-hangs': ExitCode.nodeUnreadable,
  'tool-failed': ExitCode.nodeUnreadable,
  'machine-limit': ExitCode.nodeUnreadable,
  'output-not-understood': ExitCode.nodeUnreadable,
  'table-unreadable': ExitCode.nodeUnreadable,
  'address-unusable': ExitCode.nodeUnreadable,
  'two-iptables-backends': ExitCode.nodeUnreadable,
  'scheduler-missing': ExitCode.nodeUnreadable,
  'family-unserved': ExitCode.nodeUnreadable,
  'lock-unavailable': ExitCode.nodeUnreadable,
  'lock-held': ExitCode.nodeUnreadable,
  'snapshot-unreadable': ExitCode.nodeUnreadable,
  'snapshot-invalid': ExitCode.nodeUnreadable,
  'sandbox-unavailable': ExitCode.nodeUnreadable,
  'sandbox-failed': ExitCode.nodeUnreadable,
  'lesson-unavailable': ExitCode.nodeUnreadable,
};

const applyErrors: Readonly<Record<ApplyErrorCode, ExitCode>> = {
  'apply-failed': ExitCode.applyFailed,
  'not-read-back': ExitCode.applyFailed,
  'changes-missing': ExitCode.applyFailed,
  'leftovers-present': ExitCode.applyFailed,
  'endpoints-not-written': ExitCode.applyFailed,
};

/** The exit code of each error that ends a command. */
export const exitCodeOfError: Readonly<Record<ErrorCode, ExitCode>> = {
  ...usageErrors,
  ...clusterErrors,
  ...nodeErrors,
  ...applyErrors,
};

/** The exit code of each way in which a command ends without an error. */
export const exitCodeOfOutcome: Readonly<Record<CommandOutcome, ExitCode>> = {
  done: ExitCode.done,
  differences: ExitCode.differences,
  'invalid-objects': ExitCode.clusterUnreadable,
};
