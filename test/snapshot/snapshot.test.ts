import { describe, expect, test } from 'vitest';
import { readNode } from '../../src/node/read.js';
import { nodeOf } from '../../src/snapshot/node-of.js';
import { parseSnapshot, takeSnapshot } from '../../src/snapshot/snapshot.js';
import { type FakeNode, fakeNode, freshKernel } from '../support/fake-node/index.js';
import { addForeignState } from '../support/foreign-state.js';
import { parityCases } from '../support/parity-case.js';
import { syncedNode } from '../support/synced-node.js';
import { withVersions } from '../support/version-answers.js';

const now = new Date('2026-11-26T01:02:03Z');
const textOf = async (node: FakeNode): Promise<string> =>
  JSON.stringify(await takeSnapshot(withVersions(node), 'node-a', now));

describe('a node that has been taken and read back is the same', () => {
  test.each(parityCases.map(one => [one.name, one] as const))('%s', async (_, { cluster, options }) => {
    const kernel = freshKernel();
    addForeignState(kernel);
    const node = await syncedNode(cluster, options, kernel);
    expect(nodeOf(parseSnapshot(await textOf(node), 'node.json'))).toEqual(await readNode(node));
  });

  test('one on which nothing is programmed, too', async () => {
    const node = fakeNode();
    expect(nodeOf(parseSnapshot(await textOf(node), 'node.json'))).toEqual(await readNode(node));
  });
});

describe('what is no snapshot is refused, with its source and the field', () => {
  const valid = {
    kind: 'NodeSnapshot',
    version: 1,
    node: 'node-a',
    takenAt: now.toISOString(),
    tools: {},
    iptablesBackend: 'default',
    kernelRelease: null,
    localAddresses: [],
    elements: [{ kind: 'address', link: 'kube-ipvs0', address: '10.96.0.1', prefix: 32 }],
  };
  const server = { protocol: 'TCP', address: '10.96.0.1', port: 80 };

  test('this one is taken', () => {
    expect(parseSnapshot(JSON.stringify(valid), 'node.json').elements).toHaveLength(1);
  });

  test.each<readonly [string, object, string]>([
    ['a later version', { version: 2 }, 'version: '],
    ['an object of Kubernetes', { kind: 'Service' }, 'kind: '],
    ['no name of a node', { node: undefined }, 'node: '],
    ['a backend that there is not', { iptablesBackend: 'ebpf' }, 'iptablesBackend: '],
    ['no elements', { elements: undefined }, 'elements: '],
    ['an element of another kind', { elements: [{ kind: 'bridge' }] }, 'elements.0.kind: '],
    [
      'a port that is none',
      {
        elements: [
          ...valid.elements,
          { kind: 'virtual-server', ...server, port: 70000, scheduler: 'rr', flags: [], persistence: null },
        ],
      },
      'elements.1.port: ',
    ],
    [
      'a real server without its connections',
      {
        elements: [
          { kind: 'real-server', server, address: '10.244.1.3', port: 80, weight: 1, forwarding: 'masquerade' },
        ],
      },
      'elements.0.connections: ',
    ],
  ])('%s', (_, difference, start) => {
    const text = JSON.stringify({ ...valid, ...difference });
    expect(() => parseSnapshot(text, 'node.json')).toThrow(
      expect.objectContaining({
        name: 'KproxyError',
        exitCode: 4,
        message: 'node.json is not a snapshot that this version of kproxy can read',
        detail: expect.stringMatching(new RegExp(`^${start.replaceAll('.', '\\.')}`)),
        next: 'Take one with this version: kproxy snapshot >node.json',
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['half of one', JSON.stringify(valid).slice(0, -20)],
    ['YAML', 'kind: NodeSnapshot\n'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
  ])('%s', (_, text) => {
    expect(() => parseSnapshot(text, 'standard input')).toThrow(
      expect.objectContaining({
        exitCode: 4,
        message: 'standard input is not a snapshot that this version of kproxy can read',
        detail: expect.stringMatching(/\S/),
      }),
    );
  });
});
