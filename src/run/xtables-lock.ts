import { statSync } from 'node:fs';
import { quotedIfHostile } from '../cluster/problems.js';
import { readProcFile } from './process-table.js';

/** Every iptables program of the legacy backend locks this file while it works. */
const lockPath = '/run/xtables.lock';

/** A lock of /proc/locks: `1: FLOCK  ADVISORY  WRITE 1234 00:17:345 0 EOF`. Waiting processes have an arrow. */
const lockLine = /^\d+: FLOCK +\S+ +\S+ +(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /gm;

/** Returns the holder of the lock of iptables, as errors name it: `process 1234 (flock)`. Undefined if it is free. */
export function xtablesLockHolder(path: string = lockPath): string | undefined {
  const inode = inodeOf(path);
  for (const [, pid = '', locked] of readProcFile('locks').matchAll(lockLine)) {
    if (inode === undefined || locked !== String(inode)) continue;
    const name = readProcFile(`${pid}/comm`).trim();
    return name === '' ? `process ${pid}` : `process ${pid} (${quotedIfHostile(name)})`;
  }
  return undefined;
}

function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}
