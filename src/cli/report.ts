import { KproxyError } from '../errors.js';
import { forStandardError } from '../output/journal.js';
import { machineLimit } from '../run/machine-limit.js';
import { visibleText } from '../visible.js';
import { type ExitCode, exitCodeOfError } from './exit-codes.js';

/** How errors are printed: `json` if the command's result or log is JSON. */
export type ErrorFormat = 'text' | 'json';

/**
 * Prints an error on stderr and returns its exit code. Throws it again if it is a bug: neither a KproxyError nor a
 * limit of the machine.
 */
export function reportError(thrown: unknown, format: ErrorFormat = 'text'): ExitCode {
  const error = thrown instanceof KproxyError ? thrown : machineLimit('kproxy cannot go on', thrown);
  if (error === undefined) throw thrown;
  process.stderr.write(`${forStandardError('error', errorText(error, format))}\n`);
  return exitCodeOfError[error.code];
}

/** Returns what is printed of an error. */
export const errorText = (error: KproxyError, format: ErrorFormat): string =>
  format === 'json' ? jsonOf(error) : textOf(error);

/** Returns what failed, the evidence indented, and what to do next. */
function textOf({ message, evidence = '', advice }: KproxyError): string {
  const lines = evidence.split('\n').filter(line => line !== '');
  return [`kproxy: ${message}`, ...lines.map(line => `  ${line}`), ...(advice ? [advice] : [])].join('\n');
}

const jsonOf = ({ code, message, evidence, advice }: KproxyError): string =>
  visibleText(JSON.stringify({ error: { code, message, evidence, advice } }));
