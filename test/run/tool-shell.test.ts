import { existsSync, readlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createThisNode, type ThisNode } from '../../src/run/this-node.js';

let node: ThisNode;
beforeEach(() => {
  node = createThisNode({ runner: 'shell', sudo: false, timeoutMilliseconds: 10_000 });
});
afterEach(() => node.end());

const run = (input: string, ...argv: readonly string[]) => node.run({ argv, input });
const shellPid = async () => (await node.run({ argv: ['sh', '-c', 'echo $PPID'] })).stdout.trim();

test('an argument with a line break would become two, and is refused', async () => {
  await expect(run('', 'echo', 'one\ntwo')).rejects.toThrow('line break');
});

test('all tools have one parent, which is not this process', async () => {
  const shell = await shellPid();
  expect(shell).not.toBe(String(process.pid));
  expect(await shellPid()).toBe(shell);
});

test('tools that are started at once run one after another', async () => {
  const busy = ['sh', '-c', 'cat "/proc/$PPID/task/$PPID/children"'];
  const children = await Promise.all([1, 2, 3].map(() => node.run({ argv: busy })));
  for (const { stdout } of children) expect(stdout.trim()).toMatch(/^\d+$/);
});

test('if the shell is killed the command counts as failed, and the next one gets a new shell', async () => {
  const shell = await shellPid();
  expect(await run('', 'sh', '-c', `kill -KILL ${shell}`)).toMatchObject({
    exitCode: 128,
    stderr: 'the shell that starts the tools was killed',
  });
  expect(await run('', 'echo', 'again')).toMatchObject({ exitCode: 0, stdout: 'again\n' });
});

test('if the shell was killed between two commands, nothing is lost', async () => {
  const shell = await shellPid();
  process.kill(Number(shell), 'SIGKILL');
  await expect.poll(() => existsSync(`/proc/${shell}`)).toBe(false);
  expect(await run('', 'echo', 'again')).toMatchObject({ exitCode: 0, stdout: 'again\n' });
});

test('an interrupt from the terminal ends the tool and not the shell', async () => {
  const shell = await shellPid();
  expect(await run('', 'sh', '-c', `kill -INT ${shell} $$`)).toMatchObject({ exitCode: 130 });
  expect(await shellPid()).toBe(shell);
});

test('the files between this process and the shell have no names', async () => {
  await run('text', 'cat');
  const shell = await shellPid();
  for (const file of ['4', '5', '6']) expect(readlinkSync(`/proc/${shell}/fd/${file}`)).toMatch(/ \(deleted\)$/);
});

test('at its end the shell is gone', async () => {
  const shell = await shellPid();
  await node.end();
  expect(existsSync(`/proc/${shell}`)).toBe(false);
});
