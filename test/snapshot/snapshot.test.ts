import { describe, expect, test } from 'vitest';
import { type ActualState, actualState } from '../../src/node/actual-state.js';
import type { Datapath } from '../../src/node/datapath/datapath.js';
import { readDatapath } from '../../src/node/datapath/read-datapath.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { readNode } from '../../src/node/read.js';
import { elementsOf } from '../../src/node/state.js';
import { nodeOf } from '../../src/snapshot/node-of.js';
import { parseSnapshot, takeSnapshot } from '../../src/snapshot/snapshot.js';
import { type FakeNode, fakeNode, freshKernel } from '../support/fake-node/index.js';
import { addForeignState } from '../support/foreign-state.js';
import { parityCaseOf, parityCases } from '../support/parity-case.js';
import { sync } from '../support/run-sync.js';
import { syncedNode } from '../support/synced-node.js';
import { withVersions } from '../support/version-answers.js';
import { connect } from '../sync/support/programmed-node.js';

const now = new Date('2026-11-26T01:02:03Z');
const textOf = async (node: FakeNode): Promise<string> =>
  JSON.stringify(await takeSnapshot(withVersions(node), 'node-a', now));

/** Expects that a node's snapshot has the same as the node, and returns it. */
async function expectSameNode(node: FakeNode): Promise<ActualState> {
  const { findings, facts, iptables, remarks } = await readNode(node, undefined, { timeouts: true });
  const localAddresses = facts.localAddresses.map(({ link, address, prefix, scope }) => ({
    link,
    address,
    prefix,
    scope,
  }));
  const snapshot = nodeOf(parseSnapshot(await textOf(node), 'node.json'));
  const { datapath, ...rest } = snapshot;
  expect(rest).toEqual({ actual: actualState(findings), facts: { ...facts, localAddresses }, iptables, remarks });
  expect(sorted(datapath)).toEqual(sorted(withoutUnusedSets(await readDatapath(node, iptables))));
  return snapshot.actual;
}

/** The sets of other software that no rule of these tests uses. */
const unused = ['blocklist', 'KUBE-DST-HTTP'];
const withoutUnusedSets = (datapath: Datapath): Datapath => ({
  ...datapath,
  sets: datapath.sets.filter(({ name }) => !unused.includes(name)),
});

/** A snapshot may have the sets in another order. */
function sorted(datapath: Datapath | undefined): Datapath | undefined {
  return datapath && { ...datapath, sets: datapath.sets.toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
}

describe('a snapshot has the same node as the one that it was taken of', () => {
  test.each(parityCases.map(one => [one.name, one] as const))('%s', async (_, { cluster, options }) => {
    const kernel = freshKernel();
    addForeignState(kernel);
    const node = await syncedNode(cluster, options, kernel);
    await expectSameNode(node);
  });

  test('without anything programmed', async () => {
    await expectSameNode(fakeNode());
  });

  test('with connections, and rules of other software before the jumps', async () => {
    const { cluster, options } = parityCaseOf('multi-port');
    const node = await syncedNode(cluster, options);
    const [server = ''] = node.kernel.servers.keys();
    const [real = ''] = node.kernel.servers.get(server)?.realServers.keys() ?? [];
    connect(node, server, real, 3);
    node.kernel.tables.IPv4.get('filter')?.get('INPUT')?.rules.unshift(['-j', 'DROP']);
    const { connections, foreignRules, state } = await expectSameNode(node);
    const jumps = elementsOf(state, 'jumps').find(({ chain }) => chain === 'INPUT');
    expect([...connections.values()]).toMatchObject([{ active: 3, inactive: 0 }]);
    expect(foreignRules).toEqual(new Map([[jumps && keyOf(jumps), ['-j DROP']]]));
  });
});

describe('an invalid snapshot is refused with its source and the field', () => {
  const valid = {
    kind: 'NodeSnapshot',
    version: 2,
    node: 'node-a',
    takenAt: now.toISOString(),
    tools: {},
    iptablesBackend: 'default',
    kernelRelease: null,
    localAddresses: [],
    elements: [
      { kind: 'link', name: 'kube-ipvs0', type: 'dummy' },
      { kind: 'address', link: 'kube-ipvs0', address: '10.96.0.1', prefix: 32 },
    ],
  };
  const server = { protocol: 'TCP', address: '10.96.0.1', port: 80 };

  test('a valid one is accepted', () => {
    expect(parseSnapshot(JSON.stringify(valid), 'node.json').elements).toHaveLength(2);
  });

  test('one of version 1 is accepted, which has no datapath', () => {
    const first = parseSnapshot(JSON.stringify({ ...valid, version: 1 }), 'node.json');
    expect(nodeOf(first).actual.state.size).toBe(2);
    expect(nodeOf(first).datapath).toBeUndefined();
  });

  test.each<readonly [string, object, string]>([
    ['a later version', { version: 3 }, 'version: '],
    ['an object of Kubernetes', { kind: 'Service' }, 'kind: '],
    ['no node name', { node: undefined }, 'node: '],
    ['an unknown backend of iptables', { iptablesBackend: 'ebpf' }, 'iptablesBackend: '],
    ['an incomplete datapath', { datapath: {} }, 'datapath.tables: '],
    ['no elements', { elements: undefined }, 'elements: '],
    ['an element of an unknown kind', { elements: [{ kind: 'bridge' }] }, 'elements[0].kind: '],
    [
      'an invalid port',
      {
        elements: [
          ...valid.elements,
          { kind: 'virtual-server', ...server, port: 70000, scheduler: 'rr', flags: [], persistence: null },
        ],
      },
      'elements[2].port: ',
    ],
    [
      'a real server without its connections',
      {
        elements: [
          { kind: 'real-server', server, address: '10.244.1.3', port: 80, weight: 1, forwarding: 'masquerade' },
        ],
      },
      'elements[0].connections: ',
    ],
    [
      'a set of other software',
      { elements: [{ kind: 'set', name: 'blocklist', type: 'hash:ip' }] },
      'elements[0].name: ',
    ],
    [
      'a chain of other software',
      { elements: [{ kind: 'chain', family: 'IPv4', table: 'filter', name: 'DOCKER', rules: [] }] },
      'elements[0].name: ',
    ],
    ['another device', { elements: [{ kind: 'link', name: 'eth0', type: 'veth' }] }, 'elements[0].name: '],
    [
      'a parameter that kproxy never sets',
      { elements: [{ kind: 'sysctl', name: 'kernel/core_pattern', value: '0' }] },
      'elements[0].name: ',
    ],
    [
      'a second line in an entry',
      {
        elements: [
          { kind: 'set', name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port' },
          { kind: 'entry', set: 'KUBE-CLUSTER-IP', value: '10.96.0.1,tcp:80\nflush blocklist' },
        ],
      },
      'elements[1].value: ',
    ],
    [
      'an entry of a set that is not there',
      { elements: [{ kind: 'entry', set: 'KUBE-CLUSTER-IP', value: '10.96.0.1,tcp:80' }] },
      'elements[0]: is in set KUBE-CLUSTER-IP, ',
    ],
    [
      'an element twice',
      { elements: [...valid.elements, ...valid.elements] },
      'elements[2]: is the same as elements[0]',
    ],
    [
      'an address that is no address',
      { localAddresses: [{ link: 'eth0', address: '1;reboot', prefix: 24, scope: 'x' }] },
      'localAddresses[0].address: ',
    ],
  ])('%s', (_, difference, start) => {
    const text = JSON.stringify({ ...valid, ...difference });
    expect(() => parseSnapshot(text, 'node.json')).toThrow(
      expect.objectContaining({
        name: 'KproxyError',
        code: 'snapshot-invalid',
        message: 'node.json is not a snapshot that this version of kproxy can read',
        evidence: expect.stringMatching(new RegExp(`^${start.replace(/[.[\]]/g, '\\$&')}`)),
        advice: 'Take one with this version: kproxy snapshot >node.json',
      }),
    );
  });

  test.each([
    ['an empty text', ''],
    ['a truncated snapshot', JSON.stringify(valid).slice(0, -20)],
    ['YAML', 'kind: NodeSnapshot\n'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
  ])('%s', (_, text) => {
    expect(() => parseSnapshot(text, 'standard input')).toThrow(
      expect.objectContaining({
        code: 'snapshot-invalid',
        message: 'standard input is not a snapshot that this version of kproxy can read',
        evidence: expect.stringMatching(/\S/),
      }),
    );
  });
});

describe('a snapshot of somebody else', () => {
  /** Returns a copy for each text in the document, with that text replaced. */
  function* withEachText(value: unknown, replacement: string, path = ''): Generator<readonly [string, unknown]> {
    if (typeof value === 'string') yield [path, replacement];
    else if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value))
        for (const [place, changed] of withEachText(part, replacement, `${path}/${key}`))
          yield [place, Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed }];
  }

  test.each([
    ['a second line', 'x\nflush blocklist'],
    ['an escape sequence', '\u001b[2J'],
    ['a line separator', 'x\u2028y'],
  ])('is refused with %s in any of its texts', async (_, hostile) => {
    const node = fakeNode();
    expect((await sync(node)).exitCode).toBe(0);
    const snapshot = await takeSnapshot(withVersions(node), 'node-a', now);
    expect(() => parseSnapshot(JSON.stringify(snapshot), 'node.json')).not.toThrow();
    let count = 0;
    for (const [place, changed] of withEachText(snapshot, hostile)) {
      count += 1;
      expect(() => parseSnapshot(JSON.stringify(changed), 'node.json'), place).toThrow('is not a snapshot');
    }
    expect(count).toBeGreaterThan(300);
  });
});
