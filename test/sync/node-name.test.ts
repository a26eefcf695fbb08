import { describe, expect, test } from 'vitest';
import { isUnknownNode, nodeNamesOf, unknownNode, unknownNodeLine } from '../../src/sync/node-name.js';
import { fakeNode } from '../support/fake-node/index.js';
import { clusterFrom } from '../support/parity-case.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';

const nodeObject = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  ...more,
});
const clusterOf = (...names: readonly string[]) => clusterFrom(listText(...names.map(name => nodeObject(name))));

const invalidNode = (name: string) => ({
  source: 'stdin',
  kind: 'Node',
  namespace: '',
  name,
  service: undefined,
  labels: {},
  isUsed: false,
  traces: undefined,
  problems: [],
  serviceProblems: new Map(),
});

test('a name that a Node has is known', () => {
  expect(isUnknownNode('node-a', clusterOf('node-b', 'node-a'))).toBe(false);
});

test('if Nodes could not be read, nothing is known of their names', () => {
  const cluster = clusterFrom(listText(serviceObject('web', '10.96.0.1')));
  expect(isUnknownNode('node-a', cluster)).toBe(true);
  expect(isUnknownNode('node-a', { ...cluster, unread: ['Node'] })).toBe(false);
});

test('the name of an invalid Node is known', () => {
  const cluster = { ...clusterOf('node-b'), invalid: [invalidNode('node-a')] };
  expect(isUnknownNode('node-a', cluster)).toBe(false);
  expect(unknownNode('machine', nodeNamesOf(cluster)).message).toContain('node-a, node-b');
});

describe('a name that no Node has', () => {
  test.each([
    ['node-a', ['node-a.example.com', 'node-z9'], 'similar is node-a.example.com'],
    ['node-a.example.com', ['other', 'node-a'], 'similar is node-a'],
    ['worker11', ['worker-1', 'worker-11', 'master'], 'similar are worker-1, worker-11'],
    ['vm', ['one', 'three', 'two'], 'it has 3 Nodes: one, three, two'],
    ['vm', ['five', 'four', 'three', 'one-two'], 'it has 4 Nodes, such as five, four, one-two'],
    ['machine', ['worker'], 'it has 1 Node: worker'],
  ])('%s of %j: %s', (name, names, words) => {
    const unknown = unknownNode(name, nodeNamesOf(clusterOf(...names)));
    expect(unknown).toMatchObject({
      code: 'node-unknown',
      message: `the cluster has no Node named "${name}": ${words}`,
      advice: expect.stringContaining('--node'),
    });
  });
});

describe('sync', () => {
  const web = [serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3'])];
  const stdin = listText(...web, nodeObject('inajob.example.com'));
  const message = 'the cluster has no Node named "inajob": similar is inajob.example.com';

  test('refuses a name that no Node has, and changes nothing', async () => {
    const node = fakeNode();
    expect(await sync(node, { stdin })).toMatchObject({
      stdout: '',
      exitCode: 3,
      error: { code: 'node-unknown', message },
    });
    expect(node.changing).toEqual([]);
    expect(await sync(node, { stdin, proxy: { nodeName: 'inajob.example.com' } })).toMatchObject({
      stderr: '',
      exitCode: 0,
    });
  });

  test.each([{ full: true }, { full: false }])('--dry-run only warns (%j)', async options => {
    const { stdout, stderr, exitCode } = await sync(fakeNode(), { stdin, dryRun: true, ...options });
    const unknown = unknownNode('inajob', nodeNamesOf(clusterFrom(stdin)));
    expect(stderr).toContain(`${unknownNodeLine(unknown)}\n`);
    expect(stderr).toContain(message);
    expect(stdout).toContain('ipvsadm -A -t 10.96.0.1:80');
    expect(exitCode).toBe(0);
  });
});
