import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { createThisNode } from '../../src/run/this-node.js';

/** Runs tools at the same time. Each one prints the process that started it, and lasts until the next has started. */
async function starters(count: number): Promise<readonly number[]> {
  const node = createThisNode({ runner: 'shell-first', sudo: false, timeoutMilliseconds: 10_000 });
  const argv = ['sh', '-c', 'echo $PPID; sleep 0.2'];
  const results = await Promise.all(Array.from({ length: count }, () => node.run({ argv })));
  await node.end();
  return results.map(({ stdout }) => Number(stdout));
}

const count = availableParallelism() + 2;

test('the shell starts the first of several tools, kproxy those beside it, and no more at once', async () => {
  const [first, ...others] = await starters(count);
  expect(first).not.toBe(process.pid);
  const beside = availableParallelism() - 1;
  expect(others.slice(0, beside)).toEqual(Array.from({ length: beside }, () => process.pid));
  // A tool that waited runs through the shell if that is idle.
  expect([first, process.pid]).toEqual(expect.arrayContaining([...new Set(others.slice(beside))]));
});

test('tools that follow one another are all started by the shell', async () => {
  const node = createThisNode({ runner: 'shell-first', sudo: false, timeoutMilliseconds: 10_000 });
  const pids: string[] = [];
  for (let tool = 0; tool < 3; tool += 1) pids.push((await node.run({ argv: ['sh', '-c', 'echo $PPID'] })).stdout);
  await node.end();
  expect(new Set(pids).size).toBe(1);
  expect(pids[0]).not.toBe(`${process.pid}\n`);
});
