import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createThisNode, type ThisNode } from '../../src/run/this-node.js';
import { useToolPath } from '../../src/run/tool-path.js';
import { usePrograms } from './support/programs.js';

const programs = usePrograms();

/** The files that this process has open under names that kproxy gives to its own. */
const openFiles = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap(file => {
    const target = linkOf(`/proc/self/fd/${file}`);
    return target.includes('/kproxy-') ? [target] : [];
  });

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe.each(['direct', 'shell', 'shell-first'] as const)('the %s runner', runner => {
  let node: ThisNode;
  const options = { runner, sudo: false, timeoutMilliseconds: 10_000 };
  beforeEach(() => {
    node = createThisNode(options);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    return node.end();
  });

  const run = (input: string, ...argv: readonly string[]) => node.run({ argv, input });

  test('reports output, errors and exit status apart', async () => {
    expect(await run('', 'sh', '-c', 'echo out; echo wrong >&2; exit 3')).toEqual({
      stdout: 'out\n',
      stderr: 'wrong\n',
      exitCode: 3,
    });
  });

  test('reports a signal as an exit status', async () => {
    expect(await run('', 'sh', '-c', 'kill -KILL $$')).toMatchObject({ exitCode: 137 });
  });

  test('passes every character of input and arguments unchanged', async () => {
    const hostile = `$(touch /tmp/x) \`id\` ; "quoted" 'quoted' \\n * \u00e9 \t %s`;
    expect(await run(`${hostile}\nno end`, 'cat')).toMatchObject({ stdout: `${hostile}\nno end` });
    expect(await run('', 'printf', '%s|', hostile, '', ' blanks ', '-n')).toMatchObject({
      stdout: `${hostile}|| blanks |-n|`,
    });
  });

  test('gives a tool without input nothing to read', async () => {
    expect(await node.run({ argv: ['cat'] })).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  });

  test('does not wait for a process that a tool leaves behind with its output open', async () => {
    const { stdout } = await run('', 'sh', '-c', 'sleep 60 & echo $!');
    expect(process.kill(Number(stdout), 'SIGKILL')).toBe(true);
  });

  test('passes on long texts whole, and none of them with the next one', async () => {
    const long = 'x'.repeat(3_000_000);
    expect((await run(long, 'cat')).stdout).toHaveLength(3_000_000);
    expect(await run('short', 'cat')).toMatchObject({ stdout: 'short', stderr: '' });
    expect(await run('', 'cat')).toMatchObject({ stdout: '' });
  });

  test('cuts off nothing of 120 megabytes', async () => {
    const { stdout, exitCode } = await run('', 'sh', '-c', 'head -c 120000000 /dev/zero | tr "\\0" x; echo end');
    expect(stdout).toHaveLength(120_000_004);
    expect({ end: stdout.slice(-5), exitCode }).toEqual({ end: 'xend\n', exitCode: 0 });
  });

  test('is not disturbed by a tool that does not read its input', async () => {
    expect(await run('2\nfalse\nx\n'.repeat(100_000), 'true')).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect(await run('', 'echo', 'next')).toMatchObject({ stdout: 'next\n' });
  });

  test('builds the environment of tools: the C locale, and the folders of the system', async () => {
    vi.stubEnv('LD_LIBRARY_PATH', '/tmp');
    vi.stubEnv('PATH', '/nowhere');
    const { stdout } = await run('', 'env');
    const own = new Set(stdout.trim().split('\n'));
    // A shell sets these itself.
    for (const name of ['PWD=', 'OLDPWD=', '_=', 'SHLVL='])
      for (const line of own) if (line.startsWith(name)) own.delete(line);
    expect([...own].sort()).toEqual([
      'LC_ALL=C',
      `PATH=${programs.folder}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    ]);
  });

  test.each([
    ['an ordinary one', '/nowhere'],
    ['none', undefined],
    ['the current folder', '.'],
    ['an empty one, which means the current folder', ''],
  ])('finds tools in the folders of the system only, whatever PATH is: %s', async (_, path) => {
    programs.write('sort', 'echo planted');
    useToolPath([]);
    vi.stubEnv('PATH', path);
    const here = process.cwd();
    process.chdir(programs.folder);
    try {
      expect(await run('real', 'sort')).toEqual({ stdout: 'real\n', stderr: '', exitCode: 0 });
      useToolPath([programs.folder]);
      await node.end();
      node = createThisNode(options);
      expect(await run('real', 'sort')).toMatchObject({ stdout: 'planted\n' });
    } finally {
      process.chdir(here);
    }
  });

  test('answers each of several commands that are started at once', async () => {
    const results = await Promise.all(['1', '2', '3'].map(number => node.run({ argv: ['echo', number] })));
    expect(results.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
  });

  test('names a program that is not installed', async () => {
    await expect(run('', 'ipvsadm-that-is-not-there')).rejects.toMatchObject({
      code: 'tool-missing',
      message: 'ipvsadm-that-is-not-there is not installed',
    });
    await expect(run('input', join(programs.folder, 'not-there'))).rejects.toMatchObject({ code: 'tool-missing' });
    expect(await run('', 'echo', 'still there')).toMatchObject({ stdout: 'still there\n' });
  });

  test.each([
    ['silently', 'exit 127', ''],
    ['with a message', 'echo "no such set" >&2; exit 127', 'no such set\n'],
    ['because it misses a program itself', 'no-such-helper', /^\S+: 2: no-such-helper: not found\n$/],
    ['in the words of a shell', 'echo "/bin/sh: 1: ipset: not found" >&2; exit 127', '/bin/sh: 1: ipset: not found\n'],
  ])('does not take a tool that ends with 127 for a missing one: %s', async (_, line, stderr) => {
    programs.write('ipset', line);
    const result = await run('', 'ipset', 'save');
    expect(result).toMatchObject({ stdout: '', exitCode: 127 });
    expect(result.stderr).toMatch(stderr instanceof RegExp ? stderr : new RegExp(`^${stderr}$`));
  });

  test('reports a file that cannot be started as a failure', async () => {
    const { exitCode, stderr } = await run('', programs.folder);
    expect(exitCode).toBe(126);
    expect(stderr).toMatch(/EACCES|Permission denied/);
  });

  test('starts the tool with sudo in front if that is wanted, and nothing else', async () => {
    programs.write('sudo', 'echo "$@"');
    const throughSudo = createThisNode({ ...options, sudo: true });
    expect(await throughSudo.run({ argv: ['ipset', 'save'] })).toEqual({
      stdout: 'ipset save\n',
      stderr: '',
      exitCode: 0,
    });
    await throughSudo.end();
  });

  test('runs tools through sudo one after another, so that it asks for one password at a time', async () => {
    programs.write('sudo', `mkdir '${programs.folder}/asking' || exit`, `rmdir '${programs.folder}/asking'`, '"$@"');
    const throughSudo = createThisNode({ ...options, sudo: true });
    const results = await Promise.all(['1', '2', '3', '4'].map(number => throughSudo.run({ argv: ['echo', number] })));
    await throughSudo.end();
    expect(results.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n', '4\n']);
  });

  test('gives tools the lock as file 3, and no further file', async () => {
    const lock = openSync(programs.folder, 'r');
    const locked = createThisNode({ ...options, inherits: lock });
    const argv = ['sh', '-c', 'readlink /proc/$$/fd/3; ls /proc/$$/fd'];
    for (const input of ['', 'text']) {
      const [target, ...files] = (await locked.run({ argv, input })).stdout.trim().split(/\s+/);
      expect(target).toBe(programs.folder);
      expect(files).toEqual(expect.arrayContaining(['0', '1', '2', '3']));
      for (const file of ['4', '5', '6']) expect(files).not.toContain(file);
    }
    await locked.end();
    closeSync(lock);
  });

  test('leaves no file behind', async () => {
    const before = openFiles();
    await run('text', 'cat');
    await node.end();
    expect(openFiles()).toEqual(before);
  });

  test('waits for running tools at its end', async () => {
    let isDone = false;
    const running = run('', 'sleep', '0.2').then(() => {
      isDone = true;
    });
    await node.end();
    expect(isDone).toBe(true);
    await running;
  });
});
