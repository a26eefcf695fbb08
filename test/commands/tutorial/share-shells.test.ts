import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { shareShells } from '../../../src/commands/tutorial/share-shells.js';
import type { Lab } from '../../../src/tutorial/lab/lab.js';

let runtime = '';

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  vi.stubEnv('XDG_RUNTIME_DIR', runtime);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(runtime, { recursive: true });
});

/** Opens no shell. */
const lab = {} as Lab;

test('a lesson that has ended leaves nothing behind, and does not remove the socket of the next one', async () => {
  const listeners = process.listenerCount('exit');
  const first = await shareShells(lab);
  expect([first.problem, existsSync(join(runtime, 'kproxy/tutorial.sock'))]).toEqual([undefined, true]);
  expect((await shareShells(lab)).problem).toEqual({ kind: 'taken' });
  await first.close();
  expect([existsSync(join(runtime, 'kproxy')), process.listenerCount('exit')]).toEqual([false, listeners]);
});

test('a folder that others may use is refused, with the reason and what to do', async () => {
  const folder = join(runtime, 'kproxy');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  expect((await shareShells(lab)).problem).toEqual({
    kind: 'impossible',
    reason:
      `the folder ${folder} cannot be used to share shells. Other users may use it: its mode is 0755. ` +
      'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
  });
});

test('a file in place of the folder is refused, and stays', async () => {
  const file = join(runtime, 'kproxy');
  writeFileSync(file, 'mine');
  const { problem } = await shareShells(lab);
  expect(problem).toEqual({ kind: 'impossible', reason: expect.stringContaining('It is not a folder. Remove it') });
  expect(existsSync(file)).toBe(true);
});
