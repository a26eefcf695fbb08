import { KproxyError } from '../errors.js';

interface Limit {
  readonly what: string;
  /** What to do about it: a sentence without its end. */
  readonly advice: string;
}

const openFiles = 'Raise the limit (ulimit -n, or LimitNOFILE= in the unit), 1024 is plenty';

/** What the system's errors mean that say that the machine, or this process, has reached a limit. */
const limits: ReadonlyMap<string, Limit> = new Map([
  ['EMFILE', { what: 'this process may not open more files (ulimit -n)', advice: openFiles }],
  [
    'ENFILE',
    {
      what: 'this machine has as many open files as it may have (fs.file-max)',
      advice: 'Find what has so many files open (cat /proc/sys/fs/file-nr)',
    },
  ],
  [
    'EAGAIN',
    {
      what: 'no more processes can be started',
      advice: "Look at ulimit -u, the cgroup's pids.max and kernel.pid_max",
    },
  ],
  ['ENOMEM', { what: 'there is no memory left', advice: 'Free memory, or raise the limit of the cgroup' }],
  ['ENOSPC', { what: 'no space is left on the device', advice: 'Free space or inodes there (df, df -i)' }],
  ['EDQUOT', { what: 'the disk quota is used up', advice: 'Free space there' }],
  ['EROFS', { what: 'the file system is read-only', advice: 'Make it writable' }],
]);

/** Returns what a limit of the machine means and what to do, or undefined for any other error. */
function limitOf(error: unknown): Limit | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? limits.get(code) : undefined;
}

/** Returns in words which limit of the machine an error or one of its causes comes from, or undefined. */
export function limitBehind(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const limit = limitOf(cause)?.what;
    if (limit !== undefined) return limit;
    if (cause instanceof KproxyError && cause.code === 'machine-limit' && cause.cause === undefined)
      return cause.message;
  }
  return undefined;
}

/** Returns what to do about a limit of the machine while kproxy goes on, or undefined for any other error. */
export function limitAdvice(error: unknown): string | undefined {
  const limit = limitOf(error);
  return limit && `${limit.advice}.`;
}

/**
 * Returns the error for a step that a limit of the machine prevents, or undefined if the error is none of those.
 * @param step what failed: `ipset cannot be started`
 */
export function machineLimit(step: string, error: unknown): KproxyError | undefined {
  const limit = limitOf(error);
  if (limit === undefined) return undefined;
  return new KproxyError({
    message: `${step}: ${limit.what}`,
    evidence: (error as Error).message,
    advice: `${limit.advice}, and run kproxy again.`,
    code: 'machine-limit',
    cause: error,
  });
}
