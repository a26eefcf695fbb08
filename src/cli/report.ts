import { type ExitCode, KproxyError } from '../errors.js';

/** Tells the user of an error on stderr: what failed, the evidence indented, what to do next. */
export function reportError(error: unknown): ExitCode {
  if (!(error instanceof KproxyError)) throw error;
  const detail = (error.detail ?? '').split('\n').filter(line => line !== '');
  const lines = [`kproxy: ${error.message}`, ...detail.map(line => `  ${line}`), ...(error.next ? [error.next] : [])];
  process.stderr.write(`${lines.join('\n')}\n`);
  return error.exitCode;
}
