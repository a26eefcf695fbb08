import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
let program: string;

/** A program that runs tools with one runner, prints their results, and is played on full file systems. */
const source = `
  import { createThisNode } from './src/run/this-node.ts';
  const node = createThisNode({ runner: process.argv[2], sudo: false, timeoutMilliseconds: 10_000 });
  const run = async (input, ...argv) => node.run({ argv, input }).catch(({ code, message }) => ({ code, message }));
  const long = 'line\\n'.repeat(100_000);
  const echoed = await run(long + '\\n\\n', 'cat');
  console.log(JSON.stringify({
    isWhole: echoed.stdout === long + '\\n\\n' && echoed.exitCode === 0,
    streams: await run('', 'sh', '-c', 'echo out; echo wrong >&2; exit 3'),
    arguments: await run('', 'printf', '<%s>', 'two\\twords', '$(id)', ''),
    signal: await run('in', 'sh', '-c', 'kill -KILL $$'),
    missing: await run('', 'no-such-tool'),
    left: await run('', 'sh', '-c', 'sleep 5 >/dev/null 2>&1 & echo started'),
    next: await run('next', 'cat'),
  }));
  await node.end();`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  program = join(folder, 'program.mjs');
  await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program in a mount namespace of its own, in which a script has prepared the folders for files. */
function play(runner: string, prepare: string): unknown {
  const namespaces = process.getuid?.() === 0 ? ['-m'] : ['-m', '--map-root-user'];
  const inside = `exec 9<"$2"; ${prepare}; exec "$0" --input-type=module - "$1" <&9`;
  const argv = [...namespaces, '--', 'sh', '-euc', inside, process.execPath, runner, program];
  return JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}

const onAll = (options: string) =>
  ['/run', '/dev/shm', '/tmp'].map(path => `mount -t tmpfs -o ${options} tmpfs ${path}`).join('; ');

const same = {
  isWhole: true,
  streams: { stdout: 'out\n', stderr: 'wrong\n', exitCode: 3 },
  arguments: { stdout: '<two\twords><$(id)><>', stderr: '', exitCode: 0 },
  signal: { stdout: '', stderr: '', exitCode: 137 },
  missing: { code: 'tool-missing', message: 'no-such-tool is not installed' },
  left: { stdout: 'started\n', stderr: '', exitCode: 0 },
  next: { stdout: 'next', stderr: '', exitCode: 0 },
};

describe.each(['direct', 'shell', 'shell-first'])(
  'the %s runner does the same as with space for files',
  runner => {
    test.each([
      ['on file systems with much space', onAll('size=64m')],
      ['on file systems of 64 KB', onAll('size=64k')],
      ['on file systems that are read-only', onAll('size=64m,ro')],
      ['on file systems without inodes', onAll('size=64m,nr_inodes=1')],
    ])('%s', (_, prepare) => {
      expect(play(runner, prepare)).toMatchObject({ ...same, signal: { exitCode: 137, stdout: '' } });
    });
  },
  60_000,
);
