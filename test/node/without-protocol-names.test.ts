import { expect, test } from 'vitest';
import type { CommandResult, NodeAccess } from '../../src/node/access.js';
import { withoutProtocolNames } from '../../src/node/tools/without-protocol-names.js';
import { createThisNode } from '../../src/run/this-node.js';

const thisNode = createThisNode({ sudo: false, timeoutMilliseconds: 10_000 });
const done = { stdout: '', stderr: '', exitCode: 0 };

/** Returns a node with this `unshare`. Its other programs print their names. */
function nodeOn(unshare: () => CommandResult, canUnshare?: boolean) {
  const started: string[] = [];
  const node: NodeAccess = {
    ...(canUnshare === undefined ? {} : { canUnshare }),
    run: async ({ argv: [program = ''] }) => {
      started.push(program);
      return program === 'unshare' ? unshare() : { ...done, stdout: `${program}\n` };
    },
    readFile: async () => undefined,
  };
  return { node, started };
}

const save = { argv: ['ipset', 'save'] };

test('the command is started through unshare', async () => {
  const { node, started } = nodeOn(() => ({ ...done, stdout: 'numbers\n' }), true);
  expect(await withoutProtocolNames(node).run(save)).toEqual({ ...done, stdout: 'numbers\n' });
  expect(started).toEqual(['unshare']);
});

test('the command is started as it is if unshare fails', async () => {
  const { node, started } = nodeOn(() => ({ ...done, stdout: 'half', exitCode: 1 }), true);
  expect(await withoutProtocolNames(node).run(save)).toEqual({ ...done, stdout: 'ipset\n' });
  expect(started).toEqual(['unshare', 'ipset']);
});

test.each([undefined, false])('the command is started as it is on a node whose canUnshare is %s', async canUnshare => {
  const { node, started } = nodeOn(() => done, canUnshare);
  expect(await withoutProtocolNames(node).run(save)).toEqual({ ...done, stdout: 'ipset\n' });
  expect(started).toEqual(['ipset']);
});

test('tools that run through sudo are not started through unshare', () => {
  expect(createThisNode({ sudo: true, timeoutMilliseconds: 1 }).canUnshare).toBe(false);
});

test('a command prints and fails the same with unshare as without, whatever this machine allows', async () => {
  const node = withoutProtocolNames(thisNode);
  expect(await node.run({ argv: ['printf', '%s|', 'one two', "it's"] })).toEqual({ ...done, stdout: "one two|it's|" });
  expect(await node.run({ argv: ['sh', '-c', 'echo wrong >&2; exit 3'] })).toEqual({
    stdout: '',
    stderr: 'wrong\n',
    exitCode: 3,
  });
  await expect(node.run({ argv: ['ipset-that-is-not-there'] })).rejects.toMatchObject({
    code: 'tool-missing',
    message: 'ipset-that-is-not-there is not installed',
  });
});

test('nothing is left of the file system that covers /etc', async () => {
  const mounts = () => thisNode.run({ argv: ['cat', '/proc/self/mounts'] });
  const before = await mounts();
  await withoutProtocolNames(thisNode).run({ argv: ['true'] });
  expect(await mounts()).toEqual(before);
  expect(await thisNode.run({ argv: ['test', '-e', '/etc/passwd'] })).toMatchObject({ exitCode: 0 });
});
