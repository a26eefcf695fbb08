import { describe, expect, test } from 'vitest';
import { runCleanup } from '../../src/commands/cleanup.js';
import { runDiff } from '../../src/commands/diff.js';
import { runSnapshot } from '../../src/commands/snapshot.js';
import { runStatus } from '../../src/commands/status.js';
import type { CommandResult } from '../../src/node/access.js';
import { type FakeNode, fakeNode, freshKernel } from '../support/fake-node/index.js';
import { emptyTable, type FakeTable } from '../support/fake-node/kernel.js';
import { outcomeOf } from '../support/run-command.js';
import { fixture, type Outcome, sync, tutorialProxy } from '../support/run-sync.js';
import { withVersions } from '../support/version-answers.js';

const printed = (stdout: string): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
const source = {
  from: [fixture('tutorial.yaml')],
  namespace: undefined,
  kubectl: () => Promise.reject(new Error('this test has no kubectl')),
} as const;
const common = {
  source,
  proxy: tutorialProxy,
  namespace: undefined,
  allowEmpty: false,
  isColored: false,
  snapshot: undefined,
} as const;

/** Every command that reads a node. */
const commands: Readonly<Record<string, (node: FakeNode) => Promise<Outcome>>> = {
  sync: node => sync(node),
  'sync --dry-run': node => sync(node, { dryRun: true }),
  diff: node => outcomeOf(io => runDiff({ ...common, output: 'text' }, node, io)),
  status: node => outcomeOf(io => runStatus({ ...common, output: 'text' }, node, io)),
  snapshot: node => outcomeOf(io => runSnapshot('inajob', withVersions(node), io)),
  cleanup: node =>
    outcomeOf(io =>
      runCleanup({ nodeName: 'n', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false }, node, io),
    ),
};

/** What nft 1.0.6 prints of a table with two rules of iptables and two others. */
const listing = {
  nftables: [
    { metainfo: { version: '1.0.6', json_schema_version: 1 } },
    { table: { family: 'ip', name: 'filter', handle: 1 } },
    { chain: { family: 'ip', table: 'filter', name: 'INPUT', handle: 1, type: 'filter', hook: 'input', prio: 0 } },
    ...[
      [4, [{ xt: null }, { counter: { packets: 0, bytes: 0 } }, { jump: { target: 'KUBE-IPVS-FILTER' } }]],
      [
        5,
        [
          { match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'lo' } },
          { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '192.0.2.1' } },
          { counter: { packets: 0, bytes: 0 } },
          { drop: null },
        ],
      ],
      [17, [{ match: { op: 'in', left: { ct: { key: 'state' } }, right: 'invalid' } }, { drop: null }]],
      [18, [{ counter: { packets: 0, bytes: 0 } }, { reject: null }]],
    ].map(([handle, expr]) => ({ rule: { family: 'ip', table: 'filter', chain: 'INPUT', handle, expr } })),
  ],
};
const listed = `table ip filter { # handle 1
	chain INPUT { # handle 1
		type filter hook input priority filter; policy accept;
		counter packets 0 bytes 0 jump KUBE-IPVS-FILTER # handle 4
		iifname "lo" ip saddr 192.0.2.1 counter packets 0 bytes 0 drop # handle 5
		ct state invalid drop # handle 17
	}
	chain FORWARD { # handle 2
		counter packets 0 bytes 0 reject # handle 18
	}
}
`;

describe('a table that iptables-save cannot show', () => {
  function nodeWith(table: string, program = 'iptables-save'): FakeNode {
    const node = fakeNode(freshKernel({ backend: 'nft' }));
    node.broken.set(program, printed(`# Table \`${table}' is incompatible, use 'nft' tool.\n`));
    node.broken.set(program.replace('tables-', 'tables-nft-'), printed(''));
    for (const verb of ['-j', '-a'])
      node.broken.set(`nft ${verb} list table ip filter`, printed(verb === '-j' ? JSON.stringify(listing) : listed));
    node.broken.set('nft', { stdout: '', stderr: 'no such table', exitCode: 1 });
    return node;
  }

  test.each(Object.entries(commands))('ends %s with 4, before anything is changed', async (_, run) => {
    const node = nodeWith('filter');
    expect(await run(node)).toMatchObject({
      exitCode: 4,
      stdout: '',
      error: {
        code: 'table-unreadable',
        message: 'cannot read the IPv4 table filter: it has something that iptables cannot show',
        evidence: [
          '`iptables-save` says that the table is incompatible.',
          'chain INPUT: ct state invalid drop # handle 17',
          'chain FORWARD: counter packets 0 bytes 0 reject # handle 18',
        ].join('\n'),
        advice: expect.stringContaining('`nft -a list table ip filter`'),
      },
    });
    expect(node.changing.every(({ argv }) => /^(-V|version|--version)$/.test(argv[1] ?? ''))).toBe(true);
  });

  test('is named with its family if nft cannot show it either', async () => {
    const { error } = await sync(nodeWith('nat', 'ip6tables-save'));
    expect(error).toMatchObject({
      message: 'cannot read the IPv6 table nat: it has something that iptables cannot show',
      evidence: '`ip6tables-save` says that the table is incompatible.',
      advice: expect.stringContaining('`nft -a list table ip6 nat`'),
    });
  });

  describe('in part, because a base chain is not that of iptables', () => {
    const nodeWithChain = async (chain: object): Promise<FakeNode> => {
      const node = fakeNode(freshKernel({ backend: 'nft' }));
      const { stdout } = await node.run({ argv: ['iptables-save'] });
      const comment = "# Table `filter' contains incompatible base-chains, use 'nft' tool to list them.\n";
      node.broken.set('iptables-save', printed(`${comment}${stdout}`));
      node.broken.set('nft -j list table ip filter', printed(JSON.stringify({ nftables: [{ chain }] })));
      return node;
    };
    const base = { family: 'ip', table: 'filter', handle: 1, type: 'filter', hook: 'input' };

    test('is an error if kproxy would need it', async () => {
      const node = await nodeWithChain({ ...base, name: 'INPUT', prio: 10 });
      expect(await sync(node)).toMatchObject({
        exitCode: 4,
        error: {
          code: 'table-unreadable',
          evidence: expect.stringContaining('chain INPUT: type filter hook input priority 10'),
        },
      });
      expect(node.changing).toEqual([]);
    });

    test.each([
      ['another name', { ...base, name: 'input', prio: 10 }],
      ['the priority of iptables', { ...base, name: 'INPUT', prio: 0 }],
    ])('is none if it has %s', async (_, chain) => {
      expect(await commands.diff?.(await nodeWithChain(chain))).toMatchObject({ exitCode: 1, stderr: '' });
    });
  });

  test('is nothing to kproxy if kproxy has no chains in it', async () => {
    const node = fakeNode(freshKernel({ backend: 'nft' }));
    await sync(node);
    const { stdout } = await node.run({ argv: ['iptables-save'] });
    node.broken.set('iptables-save', printed(`# Table \`mangle' is incompatible, use 'nft' tool.\n${stdout}`));
    expect(await sync(node)).toMatchObject({ exitCode: 0, stdout: 'node inajob: in sync, nothing changed\n' });
  });
});

describe('rules in both backends of iptables', () => {
  const tableWith = (name: string, chain: string | undefined, ...rules: (readonly string[])[]): FakeTable => {
    const table = emptyTable(name);
    table.get('INPUT')?.rules.push(...rules);
    if (chain !== undefined) table.set(chain, { policy: undefined, rules: [] });
    return table;
  };
  const rule = ['-s', '192.0.2.1', '-j', 'DROP'];

  /** Returns a node whose plain iptables is that of nft. Each backend has a rule if the other part says so. */
  function nodeWith(
    hints: Readonly<Record<'nft' | 'legacy', string | undefined>>,
    rules = { nft: true, legacy: true },
  ) {
    const kernel = freshKernel({ backend: 'nft' });
    kernel.tables.IPv4.set('filter', tableWith('filter', undefined, ...(rules.nft ? [rule] : [])));
    kernel.otherTables.IPv4.set('filter', tableWith('filter', undefined, ...(rules.legacy ? [rule] : [])));
    kernel.tables.IPv4.set('mangle', tableWith('mangle', hints.nft));
    kernel.otherTables.IPv6.set('mangle', tableWith('mangle', hints.legacy));
    return fakeNode(kernel);
  }
  const programsOf = (node: FakeNode) => [
    ...new Set(node.changing.map(({ argv }) => argv[0]).filter(name => name?.includes('tables'))),
  ];
  const [hint, canary] = ['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY'];

  test.each([
    ['nft', { nft: hint, legacy: undefined }, 'iptables-restore'],
    ['nft', { nft: canary, legacy: undefined }, 'iptables-restore'],
    ['legacy', { nft: undefined, legacy: hint }, 'iptables-legacy-restore'],
    ['legacy', { nft: undefined, legacy: canary }, 'iptables-legacy-restore'],
    ['nft', { nft: canary, legacy: hint }, 'iptables-restore'],
  ])('the kubelet decides for %s by its chain (%o)', async (backend, hints, program) => {
    const node = nodeWith(hints);
    const { exitCode, stderr } = await sync(node);
    expect(exitCode).toBe(0);
    expect(programsOf(node)).toEqual([program]);
    expect(stderr).toContain('this node has iptables rules in both backends (nft 1, legacy 1)');
    expect(stderr).toContain(`kproxy uses ${backend}, because the kubelet has its chain ${hints.nft ?? hints.legacy}`);
    expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n' });
  });

  test('the kubelet decides without a word if only one of them has rules', async () => {
    const node = nodeWith({ nft: hint, legacy: undefined }, { nft: false, legacy: true });
    expect(await sync(node)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(programsOf(node)).toEqual(['iptables-restore']);
  });

  test('are named if those of kube-proxy are in the backend that the kubelet does not use', async () => {
    const node = nodeWith({ nft: hint, legacy: undefined }, { nft: false, legacy: true });
    node.kernel.otherTables.IPv4.set('nat', tableWith('nat', 'KUBE-SERVICES'));
    expect((await sync(node)).stderr).toBe(
      'rules of kube-proxy or kproxy are in legacy too, and packets pass them as well. Remove them with ' +
        '`iptables-legacy-save | grep -v KUBE- | iptables-legacy-restore`, and the same for ip6tables\n',
    );
  });

  test.each(Object.entries(commands))('are reported by %s, on stderr', async (_, run) => {
    const { stderr, error } = await run(nodeWith({ nft: hint, legacy: undefined }));
    expect(error).toBeUndefined();
    expect(stderr).toMatch(/^this node has iptables rules in both backends .*\n/);
  });

  test.each(['nft', 'legacy'] as const)('--iptables-backend %s decides over everything else', async chosenBackend => {
    const other = chosenBackend === 'nft' ? 'legacy' : 'nft';
    for (const hints of [
      { nft: undefined, legacy: undefined },
      { nft: undefined, legacy: undefined, [other]: hint },
    ]) {
      const node = nodeWith(hints);
      const outcome = await sync({ ...node, chosenBackend });
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
      expect(programsOf(node)).toEqual([`iptables-${chosenBackend}-restore`]);
      expect(node.commands.some(({ argv }) => argv[0]?.includes(other))).toBe(false);
      const script = await sync({ ...node, chosenBackend }, { dryRun: true, full: true });
      expect(script.stdout).toContain(`iptables-${chosenBackend} -w -t nat`);
    }
  });
});

describe('what another mode of kube-proxy has left', () => {
  const save = (sections: Readonly<Record<string, readonly string[]>>): string =>
    Object.entries(sections)
      .map(([table, chains]) => `*${table}\n${chains.map(name => `:${name} - [0:0]\n`).join('')}COMMIT\n`)
      .join('');
  const nodeWith = (text: string): FakeNode => {
    const node = fakeNode();
    node.broken.set('iptables-save', printed(text));
    return node;
  };
  const service = 'KUBE-SVC-ABCDEFGHIJKLMNO2';

  test.each([
    [{ nat: [service] }, `${service} (nat)`],
    [{ nat: ['KUBE-SEP-ABCDEFGHIJKLMNO2'] }, 'KUBE-SEP-ABCDEFGHIJKLMNO2 (nat)'],
    [{ nat: ['KUBE-EXT-ABCDEFGHIJKLMNO2', 'KUBE-NODEPORTS'] }, 'KUBE-EXT-ABCDEFGHIJKLMNO2 (nat), KUBE-NODEPORTS (nat)'],
    [{ filter: ['KUBE-SERVICES'] }, 'KUBE-SERVICES (filter)'],
    [
      { filter: ['KUBE-EXTERNAL-SERVICES', 'KUBE-NODEPORTS'] },
      'KUBE-EXTERNAL-SERVICES (filter), KUBE-NODEPORTS (filter)',
    ],
    [
      { filter: ['KUBE-NODEPORTS', 'KUBE-SERVICES'], nat: ['KUBE-NODEPORTS', service, 'KUBE-FW-ABCDEFGHIJKLMNO2'] },
      `KUBE-NODEPORTS (filter), KUBE-SERVICES (filter), KUBE-NODEPORTS (nat) and 2 more`,
    ],
  ])('in iptables mode is named (%o)', async (sections, names) => {
    const chains = Object.values(sections).flat().length === 1 ? 'chain' : 'chains';
    for (const run of [commands.diff, commands.status, commands['sync --dry-run']])
      expect((await run?.(nodeWith(save(sections))))?.stderr).toBe(
        `kube-proxy's iptables mode has left the ${chains} ${names} on this node. Packets meet them before IPVS: old ` +
          'rules may reject a Service, or send it to endpoints that are gone. Remove them with ' +
          '`kube-proxy --cleanup`, then run kproxy sync again\n',
      );
  });

  test('in iptables mode for IPv6 is named too', async () => {
    const node = fakeNode();
    node.broken.set('ip6tables-save', printed(save({ filter: ['KUBE-EXTERNAL-SERVICES'] })));
    expect((await sync(node)).stderr).toContain('KUBE-EXTERNAL-SERVICES (filter)');
  });

  test('is named before the first change', async () => {
    const node = fakeNode();
    node.kernel.tables.IPv4.get('nat')?.set(service, { policy: undefined, rules: [] });
    node.trouble = { at: 1, how: { is: 'fails', exitCode: 1, stderr: 'no' } };
    expect(await sync(node)).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(service) });
  });

  test('is not confused with chains of ipvs mode, the kubelet, or other software', async () => {
    const kubelet = ['KUBE-KUBELET-CANARY', 'KUBE-MARK-DROP', 'KUBE-FIREWALL', 'KUBE-IPTABLES-HINT'];
    const ipvs = ['KUBE-SERVICES', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ', 'KUBE-NODE-PORT', 'KUBE-LOAD-BALANCER'];
    const filter = ['KUBE-FORWARD', 'KUBE-NODE-PORT', 'KUBE-PROXY-FIREWALL', 'KUBE-SOURCE-RANGES-FIREWALL'];
    const others = ['KUBE-ROUTER-INPUT', 'KUBE-SVC-VIPS', 'KUBE-PROXY-CANARY', 'DOCKER'];
    const all = { mangle: kubelet, nat: [...kubelet, ...ipvs, ...others], filter: [...kubelet, ...filter, ...others] };
    expect((await commands.diff?.(nodeWith(save(all))))?.stderr).toBe('');
  });

  describe('in nftables mode', () => {
    /** Returns a node on which the module of the expression numgen is used. */
    function nodeWithNumgen(users: string, tables: CommandResult): FakeNode {
      const node = fakeNode();
      node.broken.set('nft list tables', tables);
      const { readFile } = node;
      return Object.assign(node, {
        readFile: async (path: string) => (path === '/sys/module/nft_numgen/refcnt' ? users : readFile(path)),
      });
    }
    const tables = 'table ip filter\ntable ip kube-proxy\ntable ip6 kube-proxy\ntable inet kube-proxy-not\n';

    test('is named', async () => {
      const { stderr } = await sync(nodeWithNumgen('2\n', printed(tables)));
      expect(stderr).toContain("kube-proxy's nftables mode has left the tables ip kube-proxy, ip6 kube-proxy on this");
      expect(stderr).toContain('`kube-proxy --cleanup`');
    });

    test('may be there if the tool nft is missing', async () => {
      const { stderr } = await sync(nodeWithNumgen('2\n', { stdout: '', stderr: '', exitCode: 127 }));
      expect(stderr).toContain('If kube-proxy ran in nftables mode, run `kube-proxy --cleanup`');
    });

    test('is not there if nothing uses what it needs, which takes no process', async () => {
      const unused = nodeWithNumgen('0\n', printed(tables));
      expect(await sync(unused)).toMatchObject({ stderr: '' });
      expect(unused.commands.some(({ argv }) => argv[0] === 'nft')).toBe(false);
      expect(await sync(nodeWithNumgen('1\n', printed('table inet firewalld\n')))).toMatchObject({ stderr: '' });
    });
  });
});

describe('sets of another program that ipset cannot show', () => {
  function nodeWithOddSet(): FakeNode {
    const node = fakeNode();
    node.kernel.lacks.add('all sets');
    return node;
  }
  const line =
    'ipset cannot show the sets of another program, so that kproxy reads its own one by one: ipset v7.1: Kernel and ' +
    'userspace incompatible: settype hash:net,iface with revision 7 not supported by userspace.\n';

  test('do not keep a node from being served, and are named once', async () => {
    const node = nodeWithOddSet();
    expect(await sync(node)).toMatchObject({ exitCode: 0, stderr: line });
    expect(node.kernel.servers.size).toBe(1);
    expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n', stderr: line });
  });

  test('do not keep differences in kproxy’s own sets from being found', async () => {
    const node = nodeWithOddSet();
    await sync(node);
    node.kernel.sets.get('KUBE-CLUSTER-IP')?.entries.add('10.96.0.99,tcp:80');
    expect(await commands.diff?.(node)).toMatchObject({ exitCode: 1, stderr: line });
    expect(await sync(node)).toMatchObject({ exitCode: 0 });
    expect([...(node.kernel.sets.get('KUBE-CLUSTER-IP')?.entries ?? [])]).toEqual(['10.254.10.128,tcp:80']);
    expect(await commands.cleanup?.(node)).toMatchObject({ exitCode: 0 });
    expect(node.kernel.sets.size).toBe(0);
  });

  test('are an error if one of kproxy’s own cannot be shown either', async () => {
    const node = nodeWithOddSet();
    await sync(node);
    const before = node.changing.length;
    node.broken.set('ipset save KUBE-CLUSTER-IP', { stdout: '', stderr: 'no\n', exitCode: 1 });
    expect(await sync(node)).toMatchObject({ exitCode: 4, error: { code: 'tool-failed' } });
    expect(node.changing).toHaveLength(before);
  });
});
