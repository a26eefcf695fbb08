import { existsSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ThisNode, thisNode } from '../../src/run/this-node.js';

let node: ThisNode;
beforeEach(() => {
  node = thisNode({ sudo: false, timeoutMilliseconds: 10_000 });
});
afterEach(() => node.end());

const write = (input: string, ...argv: readonly string[]) => node.run({ argv, input });
const parentOf = async () => (await node.run({ argv: ['sh', '-c', 'echo $PPID'] })).stdout.trim();

test('what a command prints, complains of and ends with is told apart', async () => {
  expect(await write('', 'sh', '-c', 'echo out; echo wrong >&2; exit 3')).toEqual({
    stdout: 'out\n',
    stderr: 'wrong\n',
    exitCode: 3,
  });
});

test('a command that a signal ends has an exit status of its own', async () => {
  expect(await write('', 'sh', '-c', 'kill -KILL $$')).toMatchObject({ exitCode: 137 });
});

test('every character of input and arguments arrives as it is', async () => {
  const hostile = `$(touch /tmp/x) \`id\` ; "quoted" 'quoted' \\n * \u00e9 \t %s`;
  expect(await write(`${hostile}\nno end`, 'cat')).toMatchObject({ stdout: `${hostile}\nno end` });
  expect(await write('', 'printf', '%s|', hostile, '', ' blanks ', '-n')).toMatchObject({
    stdout: `${hostile}|| blanks |-n|`,
  });
});

test('an argument with a line break would be two, and is refused', async () => {
  await expect(write('', 'echo', 'one\ntwo')).rejects.toThrow('line break');
});

test('a short text after a long one is not followed by the rest of it', async () => {
  const long = 'x'.repeat(3_000_000);
  expect((await write(long, 'cat')).stdout).toHaveLength(3_000_000);
  expect(await write('short', 'cat')).toMatchObject({ stdout: 'short', stderr: '' });
  expect(await write('', 'cat')).toMatchObject({ stdout: '' });
});

test('a command that leaves its input unread does not disturb the next', async () => {
  expect(await write('2\nfalse\nx\n'.repeat(1_000), 'true')).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await write('', 'echo', 'next')).toMatchObject({ stdout: 'next\n' });
});

test('all commands have one parent, which is not this process', async () => {
  const parent = await parentOf();
  expect(parent).not.toBe(String(process.pid));
  expect(await parentOf()).toBe(parent);
});

test('commands that are asked for at once run one after another', async () => {
  await write('', 'true');
  const results = await Promise.all(['1', '2', '3'].map(number => node.run({ argv: ['echo', number] })));
  expect(results.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
});

const namesProtocols = { argv: ['getent', 'protocols', 'tcp'], numericProtocols: true };

test('a command that may print numbers prints what it prints, where it can be kept from looking names up and where not', async () => {
  expect(await node.run({ argv: ['echo', 'one', 'two'], numericProtocols: true })).toMatchObject({
    stdout: 'one two\n',
  });
  expect(await node.run({ argv: ['sh', '-c', 'echo wrong >&2; exit 3'], numericProtocols: true })).toEqual({
    stdout: '',
    stderr: 'wrong\n',
    exitCode: 3,
  });
});

test('nothing is left of what keeps it from looking names up', async () => {
  const before = await node.run({ argv: ['cat', '/etc/nsswitch.conf'] });
  await node.run(namesProtocols);
  expect(await node.run({ argv: ['cat', '/etc/nsswitch.conf'] })).toEqual(before);
  const mounts = await node.run({ argv: ['cat', '/proc/self/mounts'] });
  expect(mounts.stdout).not.toContain('nsswitch');
});

test('where the tools are run through sudo, it starts the tool and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-sudo-'));
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  const through = thisNode({ sudo: true, timeoutMilliseconds: 10_000 });
  const { stdout } = await through.run({ argv: ['ipset', 'save'], numericProtocols: true });
  await through.end();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  expect(stdout).toBe('ipset save\n');
});

test('a program that is not installed is named', async () => {
  await expect(write('', 'ipvsadm-that-is-not-there')).rejects.toMatchObject({
    exitCode: 4,
    message: 'ipvsadm-that-is-not-there is not installed',
  });
  expect(await write('', 'echo', 'still there')).toMatchObject({ stdout: 'still there\n' });
});

test('where the launcher is killed the command counts as failed, and the next has a new one', async () => {
  await write('', 'true');
  const parent = Number(await parentOf());
  expect(await write('', 'sh', '-c', `kill -KILL ${parent}`)).toMatchObject({
    exitCode: 128,
    stderr: 'the shell that starts the tools was killed',
  });
  expect(await write('', 'echo', 'again')).toMatchObject({ exitCode: 0, stdout: 'again\n' });
});

test('where the launcher was killed between two commands, nothing is lost', async () => {
  await write('', 'true');
  const parent = Number(await parentOf());
  process.kill(parent, 'SIGKILL');
  await expect.poll(() => existsSync(`/proc/${parent}`)).toBe(false);
  expect(await write('', 'echo', 'again')).toMatchObject({ exitCode: 0, stdout: 'again\n' });
});

test('the tools are given the lock, and none of the files of the launcher', async () => {
  const locked = thisNode({ sudo: false, timeoutMilliseconds: 10_000, inherits: 2 });
  const { stdout } = await locked.run({ argv: ['sh', '-c', 'ls /proc/$$/fd'], input: '' });
  await locked.end();
  const files = stdout.trim().split(/\s+/);
  expect(files).toEqual(expect.arrayContaining(['0', '1', '2', '3']));
  for (const file of ['4', '5', '6']) expect(files).not.toContain(file);
});

test('no name is left of the files', async () => {
  await write('text', 'cat');
  const parent = await parentOf();
  for (const file of ['4', '5', '6']) expect(readlinkSync(`/proc/${parent}/fd/${file}`)).toMatch(/ \(deleted\)$/);
});

test('ended, the launcher is gone', async () => {
  await write('', 'true');
  const parent = await parentOf();
  await node.end();
  expect(existsSync(`/proc/${parent}`)).toBe(false);
});
