import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const kproxy = fileURLToPath(new URL('../../dist/kproxy.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Prints `ready` as soon as the program has a listener for SIGUSR1. */
const hookText = `
const { on } = process;
process.on = (event, listener) => {
  on.call(process, event, listener);
  if (event === 'SIGUSR1') process.stderr.write('ready\\n');
  return process;
};`;

/**
 * Sends SIGUSR1 to a Node that waits for its standard input, as soon as it prints `ready`.
 * @returns what it prints on stderr
 */
async function stderrAfterSignal(argv: readonly string[]): Promise<string> {
  const node = spawn(process.execPath, argv, { stdio: ['pipe', 'ignore', 'pipe'] });
  const closed = once(node, 'close');
  let stderr = '';
  node.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr === '') {
      node.kill('SIGUSR1');
      // Node opens its debugger from another thread.
      setTimeout(() => node.stdin.end('{}\n'), 300);
    }
    stderr += text;
  });
  await closed;
  return stderr;
}

test('SIGUSR1 opens the debugger of a plain Node, and that of kproxy stays closed', async () => {
  const hook = join(folder, 'hook.cjs');
  await writeFile(hook, hookText);
  const plain = "process.stdin.on('end', () => {}).resume(); process.stderr.write('ready\\n')";
  expect(await stderrAfterSignal(['-e', plain])).toContain('Debugger listening');
  const stderr = await stderrAfterSignal(['--require', hook, kproxy, 'endpoints', '-A', '--from', '-', '-o', 'json']);
  expect(stderr).toMatch(/^ready\n/);
  expect(stderr).toContain('stdin: ');
  expect(stderr).not.toContain('Debugger');
});
