import { describe, expect, test } from 'vitest';
import type { KproxyError } from '../../src/errors.js';
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

describe('an invalid snapshot is refused with its source and the field', () => {
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

describe('what is said of an invalid snapshot', () => {
  const evidenceOf = (text: string): string => {
    try {
      parseSnapshot(text, 'node.json');
    } catch (error) {
      return (error as KproxyError).evidence ?? '';
    }
    throw new Error('it was accepted');
  };

  test.each<readonly [string, object, string]>([
    ['a list for a mapping', { tools: [] }, 'tools: must be a mapping: []'],
    ['a key with a line break', { tools: { 'a\nb': 'c' } }, 'tools["a\\nb"]: has a key that is not allowed: "c"'],
    ['a text that is too long', { node: 'x'.repeat(10_001) }, 'node: is too long: "xxx'],
    ['a number below its bounds', { limits: { processors: -1, readOnly: [] } }, 'limits.processors: is too small: -1'],
    ['an unknown word', { iptablesBackend: 'ebpf' }, 'iptablesBackend: is none of default, nft, legacy: "ebpf"'],
    ['nothing', { elements: undefined }, 'elements: is missing'],
  ])('has plain words for %s', (_, difference, line) => {
    expect(evidenceOf(JSON.stringify({ ...valid, ...difference }))).toContain(line);
  });

  test.each([
    ['a list', '[]', 'document: must be a mapping: []'],
    ['a number beyond all bounds', '1e400', 'document: must be a mapping: too large'],
    ['a key twice', `{"node": "a",\n"node": "b"}`, 'line 2: the key "node" is there twice in one object'],
  ])('has plain words for %s as a document', (_, text, line) => {
    expect(evidenceOf(text)).toBe(line);
  });

  test('names a key that is there twice in a long text', () => {
    const text = JSON.stringify({ ...valid, remarks: Array(200).fill('x'.repeat(9_000)) });
    expect(parseSnapshot(text, 'node.json').remarks).toHaveLength(200);
    expect(evidenceOf(`${text.slice(0, -1)},"elements":[]}`)).toContain('the key "elements" is there twice');
  });
});

test('of the remarks and reasons of a snapshot only some and their beginnings and ends are printed', () => {
  const long = 'x'.repeat(9_000);
  const unserved = [{ family: 'IPv6', reason: long, areRulesKnown: true }];
  const many = { ...valid, remarks: Array(1_000).fill(long), unserved };
  const { remarks, facts } = nodeOf(parseSnapshot(JSON.stringify(many), 'node.json'));
  expect(remarks).toHaveLength(21);
  expect(remarks.at(-1)).toBe('and 980 more remarks of the snapshot');
  expect([...remarks, ...facts.unserved.map(({ reason }) => reason)].every(line => line.length <= 500)).toBe(true);
});

describe('a snapshot of somebody else', () => {
  const jumps = (...argv: readonly string[]) => [
    { kind: 'jumps', family: 'IPv4', table: 'filter', chain: 'INPUT', rules: [{ argv }], behind: [] },
  ];
  const chain = (...argv: readonly string[]) => [
    {
      kind: 'chain',
      family: 'IPv4',
      table: 'nat',
      name: 'KUBE-SERVICES',
      rules: [{ argv: ['-j', 'RETURN'] }, { argv }],
    },
  ];
  const set = (more: object = {}) => ({ kind: 'set', name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port', ...more });
  const entry = (value: string) => [set(), { kind: 'entry', set: 'KUBE-CLUSTER-IP', value }];
  const address = (text: string, prefix: number) => [
    { kind: 'link', name: 'kube-ipvs0', type: 'dummy' },
    { kind: 'address', link: 'kube-ipvs0', address: text, prefix },
  ];
  const own = ['-m', 'comment', '--comment', '-D INPUT --modprobe=/tmp/x', '-j', 'KUBE-IPVS-FILTER'];

  test.each<readonly [string, readonly object[], string]>([
    [
      'a rule of other software',
      jumps('-p', 'tcp', '-m', 'tcp', '--dport', '22', '-j', 'DROP'),
      'elements[0].rules[0]: ',
    ],
    ['a jump to a chain of other software', jumps('-j', 'DOCKER'), 'elements[0].rules[0]: '],
    ['a goto', jumps('-g', 'KUBE-IPVS-FILTER'), 'elements[0].rules[0]: '],
    ['a jump to a chain of another table', jumps('-j', 'KUBE-SERVICES'), 'elements[0].rules[0]: '],
    ['a jump with an option of the program', jumps('--modprobe=/tmp/x', ...own), 'elements[0].rules[0]: '],
    [
      'an option of the program',
      chain('--modprobe=/tmp/x', '-j', 'RETURN'),
      'elements[0].rules[1]: has the word "--mod',
    ],
    ['another table', chain('-t', 'filter', '-j', 'DROP'), 'elements[0].rules[1]: has the word "-t"'],
    [
      'an option as a value',
      chain('-i', '--modprobe=/tmp/x', '-j', 'DROP'),
      'elements[0].rules[1]: has an option without',
    ],
    [
      'a comment without its text',
      chain('-j', 'DROP', '-m', 'comment', '--comment'),
      'elements[0].rules[1]: ends with',
    ],
    [
      'a module that is a path',
      chain('-m', '../../tmp/x', '-j', 'DROP'),
      'elements[0].rules[1]: has "../../tmp/x", which',
    ],
    ['a rule for a chain of other software', chain('-j', 'DOCKER'), 'elements[0].rules[1]: has the target "DOCKER"'],
    [
      'another destination',
      chain('-j', 'DNAT', '--to-destination', '192.0.2.1'),
      'elements[0].rules[1]: has the target',
    ],
    ['a name for an address', chain('-s', 'evil.example.com', '-j', 'DROP'), 'elements[0].rules[1]: has "evil.example'],
    ['an option as an entry', entry('-exist'), 'elements[1].value: is not an entry'],
    ['a file as an entry', entry('-file/tmp/x'), 'elements[1].value: is not an entry'],
    ['the end of a batch', entry('COMMIT'), 'elements[1].value: is not an entry'],
    ['a name in an entry', entry('evil.example.com,tcp:80'), 'elements[1].value: is not an entry'],
    ['a name for a port', entry('10.96.0.1,tcp:evil'), 'elements[1].value: is not an entry'],
    [
      'a word after an option of a set',
      [set({ extensions: ['timeout 5 -file /tmp/x'] })],
      'elements[0].extensions[0]: ',
    ],
    ['an option that no set has', [set({ extensions: ['file /tmp/x'] })], 'elements[0].extensions[0]: '],
    ['a prefix of the other family', address('10.96.0.1', 128), 'elements[1].prefix: is larger than'],
  ])('is refused with %s', (_, elements, start) => {
    expect(() => parseSnapshot(JSON.stringify({ ...valid, elements }), 'node.json')).toThrow(
      expect.objectContaining({ code: 'snapshot-invalid', evidence: expect.stringContaining(start) }),
    );
  });

  test.each<readonly [string, readonly object[]]>([
    ['a jump whose comment looks like options', jumps(...own)],
    ['a jump for new connections', jumps('-m', 'conntrack', '--ctstate', 'NEW', ...own)],
    [
      'a rule of an administrator',
      chain('!', '-s', '10.0.0.0/255.0.255.0', '-p', 'tcp', '--dport', '80', '-j', 'DROP'),
    ],
    ['an entry with three parts', entry('fd00::1,tcp:80,fd00:1::/64')],
    ['an entry of ICMP', entry('10.96.0.1,icmp:echo-request')],
    ['ranges', entry('10.96.0.1-10.96.0.9,udp:80-90')],
    ['options of a set', [set({ extensions: ['timeout 600', 'counters', 'range 0-100', 'netmask 24'] })]],
    ['the prefix of a host', address('10.96.0.1', 32)],
    ['the prefix of a host of IPv6', address('fd00::1', 128)],
  ])('is accepted with %s', (_, elements) => {
    const parsed = parseSnapshot(JSON.stringify({ ...valid, elements }), 'node.json');
    expect(parsed.elements).toHaveLength(elements.length);
  });

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
