import { KproxyError } from '../errors.js';
import { type ExitCode, exitCodeOfError } from './exit-codes.js';

/**
 * Prints an error on stderr: what failed, the evidence indented, what to do next. Rethrows what is not a KproxyError.
 */
export function reportError(error: unknown): ExitCode {
  if (!(error instanceof KproxyError)) throw error;
  const evidence = (error.evidence ?? '').split('\n').filter(line => line !== '');
  const lines = [
    `kproxy: ${error.message}`,
    ...evidence.map(line => `  ${line}`),
    ...(error.advice ? [error.advice] : []),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  return exitCodeOfError[error.code];
}
