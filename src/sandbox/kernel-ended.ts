import { KproxyError } from '../errors.js';

/** Returns the error for a kernel that ended too early, with the last output of its console. */
export const kernelEnded = (when: string, output: string): KproxyError =>
  new KproxyError({
    message: `the sandbox's kernel ended ${when}`,
    code: 'sandbox-failed',
    evidence: consoleText(output),
    advice: 'Run it again. If it keeps failing, check that memory and /dev/shm have room for the guest.',
  });

/** Returns the error for a kernel that was not ready in time. */
export const bootTimeout = (milliseconds: number, output: string): KproxyError =>
  new KproxyError({
    message: `the sandbox's kernel was not ready for commands within ${milliseconds / 1_000} s`,
    code: 'sandbox-failed',
    evidence: consoleText(output),
    advice: 'Run it again while the machine is less busy.',
  });

const consoleText = (output: string): string => output.trim() || 'The console is empty.';
