import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { KubectlFailure } from '../failure.js';
import { isRunning } from './is-running.js';

/** How long to wait for another kubectl, in milliseconds. One holds the lock for a few milliseconds. */
const limit = 5_000;
const pause = 10;

/**
 * Does some work while no other process changes the store.
 * @throws KubectlFailure if another process holds the lock for too long
 */
export function locked<Result>(path: string, work: () => Result): Result {
  const end = performance.now() + limit;
  while (!tryLock(path)) {
    if (performance.now() > end)
      throw new KubectlFailure(`error: another kubectl has held ${path} for ${limit / 1000} s`);
    removeIfStale(path);
    sleep(pause);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock of a process that was killed. Moves it away first: another process may have replaced the file since
 * it was read, and then gets it back.
 */
function removeIfStale(path: string): void {
  if (!isStale(path)) return;
  const away = `${path}.${process.pid}`;
  try {
    renameSync(path, away);
    if (!isStale(away)) linkSync(away, path);
  } catch {
    // Another process was faster.
  }
  rmSync(away, { force: true });
}

function isStale(path: string): boolean {
  try {
    const process = Number(readFileSync(path, 'utf8'));
    // A lock is empty for a moment, before its process has written its number.
    return process > 0 && !isRunning(process);
  } catch {
    return false;
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
