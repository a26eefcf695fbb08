import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { descendantsOf } from '../../src/run/process-table.js';
import { xtablesLockHolder } from '../../src/run/xtables-lock.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a shell script until it is killed with all that it has started. */
async function whileRunning(script: string, check: (pid: number) => Promise<void>): Promise<void> {
  const child = spawn('sh', ['-c', script], { stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  try {
    await check(child.pid ?? 0);
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  }
}

test('descendants are found by their parents, whatever their names are', async () => {
  const program = join(folder, 'a) R 1 (b');
  writeFileSync(program, '#!/bin/sh\nsleep 60 & sleep 60 & wait\n', { mode: 0o755 });
  await whileRunning(`'${program}' & sleep 60 & wait`, async pid => {
    await vi.waitFor(() => expect(descendantsOf(pid)).toHaveLength(4));
    expect(descendantsOf(process.pid)).toEqual(expect.arrayContaining([pid, ...descendantsOf(pid)]));
    expect(descendantsOf(pid)).not.toContain(pid);
  });
});

test('the holder of the lock of iptables is named, as long as it holds it', async () => {
  const lock = join(folder, 'xtables.lock');
  expect(xtablesLockHolder(lock)).toBeUndefined();
  writeFileSync(lock, '');
  expect(xtablesLockHolder(lock)).toBeUndefined();
  const taken = join(folder, 'taken');
  await whileRunning(`flock '${lock}' -c 'touch ${taken}; sleep 60'`, async pid => {
    await vi.waitFor(() => expect(existsSync(taken)).toBe(true));
    const [, holder] = /^process (\d+) \(flock\)$/.exec(xtablesLockHolder(lock) ?? '') ?? [];
    expect([pid, ...descendantsOf(pid)]).toContain(Number(holder));
  });
  await vi.waitFor(() => expect(xtablesLockHolder(lock)).toBeUndefined());
});
