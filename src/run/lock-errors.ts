import { readFileSync } from 'node:fs';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { conflict, type FlockResult } from './flock.js';
import { holderText } from './lock-holder.js';
import { machineLimit } from './machine-limit.js';
import type { RunOptions } from './run-options.js';

/** How the node is locked, and how its tools run. */
export interface LockOptions extends RunOptions {
  /** How long to wait for another kproxy. Undefined waits without limit. */
  readonly timeoutSeconds: number | undefined;
  /** Called once, before waiting. */
  readonly onWait: () => void;
}

/** A node that no other kproxy changes until `release`. */
export interface LockedNode {
  /** Its tools hold the lock too: if kproxy is killed, the lock stays until the tools that it started have ended. */
  readonly node: NodeAccess;
  readonly release: () => Promise<void>;
}

/**
 * Returns the error of a lock that was not taken.
 * @param holder returns who holds it, if another process does
 */
export function notLocked(
  path: string,
  { exitCode, stderr, error }: FlockResult,
  { timeoutSeconds, sudo }: Pick<LockOptions, 'timeoutSeconds' | 'sudo'>,
  holder: () => string = () => holderText(path, textOf(path), [process.pid]),
): KproxyError {
  if (exitCode === conflict)
    return new KproxyError({
      message: `another kproxy still works on this node after ${timeoutSeconds} s`,
      evidence: `${path}: ${holder()}`,
      advice: 'Nothing was changed. Run kproxy again, or with a longer --lock-timeout.',
      code: 'lock-held',
    });
  const limit = machineLimit(`cannot lock ${path}`, error);
  if (limit !== undefined) return limit;
  return new KproxyError({
    message: `cannot lock ${path}`,
    evidence: stderr || `${sudo ? 'sudo or flock' : 'flock'} is not installed`,
    advice: 'Nothing was changed. flock is in the package util-linux.',
    code: 'lock-unavailable',
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
