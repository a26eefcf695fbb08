import { describe, expect, test } from 'vitest';
import { type FakeNode, fakeNode, freshKernel, runCommand } from '../support/fake-node/index.js';
import { addForeignState, foreignText } from '../support/foreign-state.js';
import { parityCaseOf } from '../support/parity-case.js';
import { cleanup } from '../support/run-cleanup.js';
import { sync } from '../support/run-sync.js';
import { syncedNode } from '../support/synced-node.js';

const print = ({ kernel }: FakeNode, ...argv: readonly string[]) => runCommand(kernel, { argv }).stdout;

/** Returns what is left of kproxy's, as the tools print it. */
const left = (node: FakeNode): string =>
  [print(node, 'ipvsadm', '-S', '-n'), print(node, 'ipset', 'save'), print(node, 'iptables-save')]
    .join('')
    .split('\n')
    .filter(line => line.includes('KUBE-') || line.startsWith('-A -'))
    .join('\n');

describe('cleanup', () => {
  test('removes everything of the tutorial’s cluster, and a second run finds nothing', async () => {
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

  test('removes everything of a cluster with all features, and nothing of other software', async () => {
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

  test('changes nothing on a machine without a proxy', async () => {
    const node = fakeNode();
    expect((await cleanup(node)).stdout).toBe("node inajob: nothing of kproxy's is left\n");
    expect(node.changing).toEqual([]);
  });

  test('keeps virtual servers in an excluded network', async () => {
    const node = fakeNode();
    await sync(node);
    runCommand(node.kernel, { argv: ['ip', '-batch', '-'], input: 'addr add 10.96.0.5/32 dev kube-ipvs0\n' });
    runCommand(node.kernel, { argv: ['ipvsadm', '-A', '-t', '10.96.0.5:80', '-s', 'rr'] });
    await cleanup(node, { excludeCidrs: ['10.96.0.0/16'] });
    expect(print(node, 'ipvsadm', '-S', '-n')).toBe('-A -t 10.96.0.5:80 -s rr\n');
  });
});

describe('cleanup --dry-run', () => {
  test.each(['steps', 'batch'] as const)('prints the script and changes nothing (%s)', async script => {
    const node = fakeNode();
    await sync(node);
    const before = node.changing.length;
    const { stdout, exitCode } = await cleanup(node, { dryRun: true, script });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^#!\/bin\/sh\n# Removes what kproxy, or the ipvs mode of kube-proxy, has programmed on node inajob, /,
    );
    expect(stdout).toContain('10.254.10.128:80');
    expect(node.changing).toHaveLength(before);
  });
});

describe('cleanup in trouble', () => {
  test('changes nothing if the node cannot be read', async () => {
    const node = fakeNode();
    await sync(node);
    const before = node.changing.length;
    node.broken.set('iptables-save', { stdout: '', stderr: 'no\n', exitCode: 1 });
    expect(await cleanup(node)).toMatchObject({ stdout: '', exitCode: 4, error: { code: 'tool-failed' } });
    expect(node.changing).toHaveLength(before);
  });

  test('ends with an error if a command fails, and the next run finishes', async () => {
    const node = fakeNode();
    await sync(node);
    node.broken.set('ipset -exist restore', { stdout: '', stderr: 'Set cannot be destroyed\n', exitCode: 1 });
    expect(await cleanup(node)).toMatchObject({
      stdout: '',
      exitCode: 5,
      error: {
        code: 'apply-failed',
        evidence: expect.stringContaining('Set cannot be destroyed'),
        advice: 'What was done stays. Run kproxy cleanup again: it reads the node and goes on from there.',
      },
    });
    node.broken.clear();
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(left(node)).toBe('');
  });

  test('ends with an error if elements are left although all commands succeeded', async () => {
    const node = fakeNode();
    await sync(node);
    node.broken.set('ipvsadm --restore', { stdout: '', stderr: '', exitCode: 0 });
    const { error, exitCode } = await cleanup(node);
    expect(exitCode).toBe(5);
    expect(error).toMatchObject({
      code: 'leftovers-present',
      message: '1 of 15 elements are still on the node although all commands succeeded',
      evidence: 'remove: virtual server TCP 10.254.10.128:80 rr',
    });
  });
});
