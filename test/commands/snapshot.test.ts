import { describe, expect, test } from 'vitest';
import { runDiff } from '../../src/commands/diff.js';
import { runSnapshot } from '../../src/commands/snapshot.js';
import { runStatus } from '../../src/commands/status.js';
import { parseSnapshot } from '../../src/snapshot/snapshot.js';
import { type FakeNode, fakeNode, freshKernel, runCommand } from '../support/fake-node/index.js';
import { addForeignState } from '../support/foreign-state.js';
import { outcomeOf, readingOptions } from '../support/run-command.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { withVersions } from '../support/version-answers.js';

const cluster = listText(
  serviceObject('web', '10.96.0.1', { sessionAffinity: 'ClientIP' }),
  endpointsObject('web', ['10.244.1.3', '10.244.1.4']),
);
const snapshotText = async (node: FakeNode): Promise<string> =>
  (await outcomeOf(io => runSnapshot('inajob', withVersions(node), io))).stdout;
const noNode = {
  run: () => Promise.reject(new Error('the node was read')),
  readFile: () => Promise.reject(new Error('the node was read')),
};

async function damagedNode(): Promise<FakeNode> {
  const kernel = freshKernel();
  addForeignState(kernel);
  const node = fakeNode(kernel);
  await sync(node, { stdin: cluster });
  runCommand(kernel, { argv: ['ipvsadm', '-d', '-t', '10.96.0.1:80', '-r', '10.244.1.3:8080'] });
  kernel.sysctls.set('net/ipv4/ip_forward', '0');
  return node;
}

test('a snapshot has the node, the time and the tools, and taking it changes nothing', async () => {
  const node = await damagedNode();
  const before = node.changing.length;
  const { stdout, stderr, exitCode } = await outcomeOf(io => runSnapshot('inajob', withVersions(node), io));
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'NodeSnapshot',
    version: 2,
    node: 'inajob',
    takenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    tools: { ipset: 'ipset v7.17, protocol version: 7', iptables: 'iptables v1.8.9 (nf_tables)' },
    iptablesBackend: 'default',
    kernelRelease: '6.1.0-13-amd64',
  });
  expect(node.changing.slice(before).every(({ argv }) => /^(-V|version|--version)$/.test(argv[1] ?? ''))).toBe(true);
});

test('a snapshot starts no process twice', async () => {
  const node = await damagedNode();
  const before = node.commands.length;
  await outcomeOf(io => runSnapshot('inajob', withVersions(node), io));
  const commands = node.commands.slice(before).map(({ argv }) => argv.join(' '));
  expect(commands).toEqual([...new Set(commands)]);
});

test('a snapshot that kproxy would refuse is printed, with a line about why', async () => {
  const node = await damagedNode();
  node.kernel.tables.IPv4.get('nat')?.get('KUBE-SERVICES')?.rules.push(['-m', 'u32', '--u32', '0=1', '-j', 'DROP']);
  const { stdout, stderr, exitCode } = await outcomeOf(io => runSnapshot('inajob', withVersions(node), io));
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(
    /^--snapshot will refuse this snapshot: elements\[\d+\]\.rules\[\d+\]: has the word "--u32", /,
  );
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'NodeSnapshot' });
});

test('a snapshot leaves out a tool without a version', async () => {
  const node = withVersions(fakeNode());
  node.broken.set('ipvsadm --version', { stdout: '', stderr: 'not found\n', exitCode: 127 });
  const { stdout } = await outcomeOf(io => runSnapshot('inajob', node, io));
  expect(Object.keys(JSON.parse(stdout).tools)).toEqual(['ip', 'ipset', 'iptables']);
});

describe('a snapshot in the place of the node', () => {
  test.each(['text', 'json'] as const)('gives the same diff (%s)', async output => {
    const node = await damagedNode();
    const snapshot = parseSnapshot(await snapshotText(node), 'node.json');
    const ofNode = await outcomeOf(
      io => runDiff({ ...readingOptions, output, snapshot: undefined }, node, io),
      cluster,
    );
    const ofSnapshot = await outcomeOf(io => runDiff({ ...readingOptions, output, snapshot }, noNode, io), cluster);
    expect(ofNode.exitCode).toBe(1);
    expect(ofSnapshot).toEqual(ofNode);
  });

  test('gives the same status', async () => {
    const node = await damagedNode();
    const snapshot = parseSnapshot(await snapshotText(node), 'node.json');
    const options = { ...readingOptions, output: 'wide' } as const;
    const ofNode = await outcomeOf(io => runStatus({ ...options, snapshot: undefined }, node, io), cluster);
    expect(ofNode.stdout).toContain('10.244.1.3:8080');
    expect(await outcomeOf(io => runStatus({ ...options, snapshot }, noNode, io), cluster)).toEqual(ofNode);
  });

  test('gives the same script, whose head names the snapshot', async () => {
    const node = await damagedNode();
    const snapshot = parseSnapshot(await snapshotText(node), 'node.json');
    const ofNode = await sync(node, { stdin: cluster, dryRun: true });
    const ofSnapshot = await sync(noNode, { stdin: cluster, dryRun: true, snapshot });
    expect(ofSnapshot.stdout).toBe(ofNode.stdout.replace('its present state', `its snapshot of ${snapshot.takenAt}`));
    expect(ofSnapshot.stdout).toContain('10.244.1.3:8080');
  });

  test('is not printed if the node cannot be read', async () => {
    const node = withVersions(fakeNode());
    node.broken.set('ipset save', { stdout: '', stderr: 'no\n', exitCode: 1 });
    expect(await outcomeOf(io => runSnapshot('inajob', node, io))).toMatchObject({
      stdout: '',
      exitCode: 4,
      error: { code: 'tool-failed' },
    });
  });
});
