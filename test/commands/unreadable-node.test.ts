import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../src/node/access.js';
import { fakeNode, runCommand } from '../support/fake-node/index.js';
import { fixture, sync } from '../support/run-sync.js';

const dualStack = { from: [fixture('../parity/cases/dual-stack.json')], proxy: { nodeName: 'node-a' } };

const readings = [['ip', '-d', '-j', 'addr', 'show'], ['ipset', 'save'], ['iptables-save'], ['ip6tables-save']];
const done = (stdout: string): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
const troubles: Readonly<Record<string, (whole: string) => CommandResult>> = {
  fails: () => ({ stdout: '', stderr: 'out of order\n', exitCode: 1 }),
  'prints something else': () => done('Segmentation fault\n'),
  'prints half of it': whole => done(whole.slice(0, whole.length / 2)),
};

describe.each(readings.map(argv => [argv.join(' '), argv] as const))('%s', (command, argv) => {
  test.each(Object.entries(troubles))('%s: sync ends with 4 and changes nothing', async (_, trouble) => {
    const node = fakeNode();
    await sync(node, dualStack);
    const before = node.changing.length;
    node.broken.set(command, trouble(runCommand(node.kernel, { argv }).stdout));
    expect(await sync(node, dualStack)).toMatchObject({
      stdout: '',
      exitCode: 4,
      error: {
        message: expect.stringContaining(`\`${command}\``),
        advice: expect.stringContaining('Nothing was changed.'),
      },
    });
    expect(node.changing).toHaveLength(before);
  });
});
