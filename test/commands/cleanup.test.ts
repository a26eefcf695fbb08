import { describe, expect, test } from 'vitest';
import { type CleanupOptions, runCleanup } from '../../src/commands/cleanup.js';
import { type FakeNode, fakeNode, freshKernel, runCommand } from '../support/fake-node/index.js';
import { addForeignState, foreignText } from '../support/foreign-state.js';
import { parityCaseOf } from '../support/parity-case.js';
import { outcomeOf } from '../support/run-command.js';
import { type Outcome, sync } from '../support/run-sync.js';
import { syncedNode } from '../support/synced-node.js';

const cleanup = (node: FakeNode, options: Partial<CleanupOptions> = {}): Promise<Outcome> =>
  outcomeOf(io =>
    runCleanup(
      { nodeName: 'inajob', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false, ...options },
      node,
      io,
    ),
  );

const print = ({ kernel }: FakeNode, ...argv: readonly string[]) => runCommand(kernel, { argv }).stdout;

/** What is left of kproxy's, in the tools' words. */
const left = (node: FakeNode): string =>
  [print(node, 'ipvsadm', '-S', '-n'), print(node, 'ipset', 'save'), print(node, 'iptables-save')]
    .join('')
    .split('\n')
    .filter(line => line.includes('KUBE-') || line.startsWith('-A -'))
    .join('\n');

describe('everything of kproxy’s goes', () => {
  test('of the chapter, and a second run finds nothing', async () => {
    const node = fakeNode();
    await sync(node);
    expect(await cleanup(node)).toMatchObject({
      stdout: 'virtual server TCP 10.254.10.128:80 rr: removed\nnode inajob: 0 added, 0 changed, 15 removed\n',
      stderr: '',
      exitCode: 0,
    });
    expect(left(node)).toBe('');
    expect(node.kernel.links.has('kube-ipvs0')).toBe(false);
    const before = node.changing.length;
    expect((await cleanup(node)).stdout).toBe("node inajob: nothing of kproxy's is left\n");
    expect(node.changing).toHaveLength(before);
  });

  test('of everything together, and nothing of anybody else’s', async () => {
    const { cluster, options } = parityCaseOf('all-together');
    const kernel = freshKernel();
    addForeignState(kernel);
    const before = foreignText(kernel);
    const node = await syncedNode(cluster, options, kernel);
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(foreignText(kernel)).toBe(before);
    expect(kernel.links.has('kube-ipvs0')).toBe(false);
    expect((await cleanup(node)).stdout).toBe("node inajob: nothing of kproxy's is left\n");
  });

  test('on a machine that never had a proxy there is nothing to do', async () => {
    const node = fakeNode();
    expect((await cleanup(node)).stdout).toBe("node inajob: nothing of kproxy's is left\n");
    expect(node.changing).toEqual([]);
  });

  test('virtual servers in a network of somebody else’s stay', async () => {
    const node = fakeNode();
    await sync(node);
    runCommand(node.kernel, { argv: ['ip', '-batch', '-'], input: 'addr add 10.96.0.5/32 dev kube-ipvs0\n' });
    runCommand(node.kernel, { argv: ['ipvsadm', '-A', '-t', '10.96.0.5:80', '-s', 'rr'] });
    await cleanup(node, { excludeCidrs: ['10.96.0.0/16'] });
    expect(print(node, 'ipvsadm', '-S', '-n')).toBe('-A -t 10.96.0.5:80 -s rr\n');
  });
});

describe('--dry-run', () => {
  test.each(['steps', 'batch'] as const)('prints the script (%s) and changes nothing', async script => {
    const node = fakeNode();
    await sync(node);
    const before = node.changing.length;
    const { stdout, exitCode } = await cleanup(node, { dryRun: true, script });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^#!\/bin\/sh\n# Removes everything that kproxy, /);
    expect(stdout).toContain('10.254.10.128:80');
    expect(node.changing).toHaveLength(before);
  });
});

describe('what goes wrong', () => {
  test('the node cannot be read: 4, and nothing is changed', async () => {
    const node = fakeNode();
    await sync(node);
    const before = node.changing.length;
    node.broken.set('iptables-save', { stdout: '', stderr: 'no\n', exitCode: 1 });
    expect(await cleanup(node)).toMatchObject({ stdout: '', exitCode: 4 });
    expect(node.changing).toHaveLength(before);
  });

  test('a command fails: 5, and the next run goes on from there', async () => {
    const node = fakeNode();
    await sync(node);
    node.broken.set('ipset -exist restore', { stdout: '', stderr: 'Set cannot be destroyed\n', exitCode: 1 });
    expect(await cleanup(node)).toMatchObject({
      stdout: '',
      exitCode: 5,
      error: { detail: expect.stringContaining('Set cannot be destroyed') },
    });
    node.broken.clear();
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(left(node)).toBe('');
  });

  test('all commands succeed and something is still there: 5', async () => {
    const node = fakeNode();
    await sync(node);
    node.broken.set('ipvsadm --restore', { stdout: '', stderr: '', exitCode: 0 });
    const { error, exitCode } = await cleanup(node);
    expect(exitCode).toBe(5);
    expect(error?.message).toMatch(/^1 of 15 things are still on the node although all commands succeeded$/);
  });
});
