import { describe, expect, test } from 'vitest';
import { createThisNode } from '../../src/run/this-node.js';
import { fakeNode, freshKernel, kernelOf, runCommand } from '../support/fake-node/index.js';
import { emptyTable, type FakeTable } from '../support/fake-node/kernel.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';

const ipvs = ({ kernel }: ReturnType<typeof fakeNode>) => runCommand(kernel, { argv: ['ipvsadm', '-S', '-n'] }).stdout;

describe('a command that fails part-way', () => {
  /** Commands of the chapter's first sync, which stay the same until a stage is added. */
  const programs = ['modprobe', 'tee', 'ip', 'ipset', 'iptables-restore', 'iptables-restore', 'ip', 'ipvsadm'];

  test('these are all that there are', async () => {
    const node = fakeNode();
    await sync(node);
    expect(node.changing.map(({ argv }) => argv[0])).toEqual(programs);
  });

  test.each(programs.map((program, index) => ({ program, at: index + 1 })))(
    '$at, $program: says what was done and what was not, and the next run finishes',
    async ({ program, at }) => {
      const node = fakeNode();
      node.trouble = { at, how: { is: 'fails', exitCode: 4, stderr: 'the lock is held\n' } };
      const { exitCode, error, stdout } = await sync(node);
      expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
      expect(error?.message).toMatch(new RegExp(`^\`${program} .*failed; ${at - 1} commands? of 8 had been run$`));
      expect(error?.detail?.split('\n')).toEqual([
        'exit status 4',
        'the lock is held',
        `done: ${programs.slice(0, at - 1).join(', ') || 'nothing'}`,
        `not done: ${programs.slice(at - 1).join(', ')}`,
      ]);
      expect(error?.next).toContain('Run kproxy sync again');
      node.trouble = undefined;
      expect(await sync(node)).toMatchObject({ exitCode: 0 });
      expect(ipvs(node)).toContain('-a -t 10.254.10.128:80 -r 10.244.2.2:8080 -m -w 1');
      expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n' });
    },
  );

  test('ipvsadm, whose exit status tells of its last line only, has failed where it complains', async () => {
    const node = fakeNode();
    node.broken.set('ipvsadm --restore', { stdout: '', stderr: 'Memory allocation problem\n', exitCode: 0 });
    expect(await sync(node)).toMatchObject({
      exitCode: 5,
      error: { detail: expect.stringContaining('exit status 0\nMemory allocation problem\n') },
    });
  });

  test('a tool that takes only a part and says that all is well is found out', async () => {
    const node = fakeNode();
    node.broken.set('ipvsadm --restore', { stdout: '', stderr: '', exitCode: 0 });
    expect(await sync(node)).toMatchObject({
      exitCode: 5,
      stdout: '',
      error: {
        message: '3 of 26 changes are not on the node although all commands succeeded',
        detail: [
          'add: virtual server TCP 10.254.10.128:80 rr',
          'add: real server 10.244.1.3:8080 of TCP 10.254.10.128:80, weight 1',
          'add: real server 10.244.2.2:8080 of TCP 10.254.10.128:80, weight 1',
        ].join('\n'),
      },
    });
    node.broken.clear();
    expect(await sync(node)).toMatchObject({ exitCode: 0 });
  });
});

describe('a node that cannot be read is not touched', () => {
  const missing = () =>
    createThisNode({ sudo: false, timeoutMilliseconds: 1000 }).run({ argv: ['kproxy-no-such-tool'] });

  test('a tool is not installed', async () => {
    const error = await missing().catch(error => error);
    expect(error).toMatchObject({
      exitCode: 4,
      message: 'kproxy-no-such-tool is not installed',
      next: 'Install it (apt-get install coreutils) and run kproxy again.',
    });
    const node = fakeNode();
    node.broken.set('ipset', error);
    expect(await sync(node)).toMatchObject({ exitCode: 4, stdout: '', error: { message: error.message } });
    expect(node.changing).toEqual([]);
  });

  test('the user is not root', async () => {
    const node = fakeNode();
    const stderr = 'ipset v7.17: Kernel error received: Operation not permitted\n';
    node.broken.set('ipset save', { stdout: '', stderr, exitCode: 1 });
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: {
        message: 'cannot read the node: `ipset save` failed with exit status 1',
        detail: stderr.trim(),
        next: 'Nothing was changed. Run kproxy as root or with --sudo, on a kernel that has ip_vs and ip_set.',
      },
    });
    expect(node.changing).toEqual([]);
  });

  test.each([
    ['ip -d -j addr show', '[{"ifname":"lo"'],
    ['ip -d -j addr show', '{"ifname":"lo"}'],
    ['ipset save', 'create KUBE-CLUSTER-IP hash:ip,port family inet\nnonsense\n'],
    ['iptables-save', '*nat\n:PREROUTING ACCEPT [0:0]\n'],
    ['ip6tables-save', '-A FORWARD -j ACCEPT\n'],
  ])('%s prints %j', async (command, stdout) => {
    const node = fakeNode();
    node.broken.set(command, { stdout, stderr: '', exitCode: 0 });
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: { message: `cannot read the node: \`${command}\` printed something that kproxy does not understand` },
    });
    expect(node.changing).toEqual([]);
  });

  test('a script is printed all the same, and says that it starts from nothing', async () => {
    const node = fakeNode();
    node.broken.set('ipset save', { stdout: '', stderr: 'Operation not permitted', exitCode: 1 });
    const { stdout, exitCode } = await sync(node, { dryRun: true });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "starting from nothing, since the node's state cannot be read (cannot read the node: `ipset save` failed with exit status 1).",
    );
    expect(stdout).toContain('ipvsadm -A -t 10.254.10.128:80 -s rr');
    expect(node.changing).toEqual([]);
  });
});

describe('the backend of iptables', () => {
  const rule = ['-s', '192.0.2.0/24', '-j', 'DROP'];
  const withRule = (): FakeTable => {
    const table = emptyTable('filter');
    table.get('INPUT')?.rules.push(rule);
    return table;
  };

  test('is the other one where only that has rules', async () => {
    const kernel = freshKernel({ backend: 'nft' });
    kernel.otherTables.IPv4.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({ exitCode: 0 });
    const programs = node.changing.map(({ argv }) => argv[0]);
    expect(programs.filter(name => name?.includes('tables'))).toEqual([
      'iptables-legacy-restore',
      'iptables-legacy-restore',
    ]);
    expect(kernel.tables.IPv4.get('nat')?.has('KUBE-SERVICES')).toBe(false);
    expect(kernel.otherTables.IPv4.get('nat')?.has('KUBE-SERVICES')).toBe(true);
    expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n' });
  });

  test('is none where both have rules', async () => {
    const kernel = freshKernel({ backend: 'legacy' });
    kernel.tables.IPv4.set('filter', withRule());
    kernel.otherTables.IPv4.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: { message: 'this node has iptables rules in both backends: legacy 1, nft 1' },
    });
    expect(node.changing).toEqual([]);
  });

  test('is none where one family’s rules are in the other backend', async () => {
    const kernel = freshKernel({ backend: 'nft' });
    kernel.tables.IPv4.set('filter', withRule());
    kernel.otherTables.IPv6.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: { message: 'this node has iptables rules in both backends: nft 1, legacy 1' },
    });
    expect(node.changing).toEqual([]);
  });

  test('is the other one where only that has rules, and plain iptables not even a table', async () => {
    const kernel = freshKernel({ backend: 'legacy' });
    for (const tables of [kernel.tables.IPv4, kernel.tables.IPv6]) tables.clear();
    kernel.otherTables.IPv4.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({ exitCode: 0 });
    const programs = node.changing.map(({ argv }) => argv[0]).filter(name => name?.includes('tables'));
    expect(programs).toEqual(['iptables-nft-restore', 'iptables-nft-restore']);
  });

  test('is asked for by the tools where the user may not read the kernel’s list of tables', async () => {
    const kernel = freshKernel({ backend: 'nft' });
    kernel.otherTables.IPv4.set('filter', withRule());
    const node = fakeNode(kernel);
    const forbidden = async (path: string) => {
      if (path.endsWith('_names')) throw new Error('EACCES: permission denied');
      return node.readFile(path);
    };
    expect(await sync({ run: command => node.run(command), readFile: forbidden })).toMatchObject({ exitCode: 0 });
    expect(kernel.otherTables.IPv4.get('nat')?.has('KUBE-SERVICES')).toBe(true);
  });

  test('costs a node with one backend no further process', async () => {
    const node = fakeNode(kernelOf(new Map()));
    await sync(node);
    expect(node.commands.map(({ argv }) => argv[0]).filter(name => /-(nft|legacy)/.test(name ?? ''))).toEqual([]);
  });
});

describe('an invalid object', () => {
  const good = [serviceObject('good', '10.96.0.1'), endpointsObject('good', ['10.244.1.3'])];
  const invalid: readonly (readonly [string, object, string])[] = [
    [
      'an address with a leading zero',
      endpointsObject('bad', ['10.0.0.010']),
      'stdin: Endpoints default/bad: subsets[0].addresses[0].ip: ',
    ],
    [
      'port 0',
      serviceObject('bad', '10.96.0.2', { ports: [{ port: 0 }] }),
      'stdin: Service default/bad: spec.ports[0].port: ',
    ],
    [
      'port 70000',
      serviceObject('bad', '10.96.0.2', { ports: [{ port: 70000 }] }),
      'stdin: Service default/bad: spec.ports[0].port: ',
    ],
    [
      'a newline in its name',
      serviceObject('bad\nrm -rf /', '10.96.0.2'),
      'stdin: Service "default/bad\\nrm -rf /": metadata.name: ',
    ],
    [
      'a command in its name',
      serviceObject('$(reboot)', '10.96.0.2'),
      'stdin: Service "default/$(reboot)": metadata.name: ',
    ],
    ['a VIP that is none', serviceObject('bad', '10.96.0.300'), 'stdin: Service default/bad: spec.clusterIP: '],
  ];

  test.each(invalid)('%s: is named with its field, and the valid ones go through', async (_, bad, words) => {
    const node = fakeNode();
    const outcome = await sync(node, { stdin: listText(...good, bad) });
    expect(outcome.exitCode).toBe(3);
    expect(outcome.stderr.split('\n')).toHaveLength(2);
    expect(outcome.stderr.startsWith(words), outcome.stderr).toBe(true);
    expect(ipvs(node)).toBe('-A -t 10.96.0.1:80 -s rr\n-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1\n');
    expect(node.commands.map(({ input }) => input ?? '').join()).not.toMatch(/reboot|rm -rf/);
  });

  test('what the node has for it already stays', async () => {
    const node = fakeNode();
    const was = [serviceObject('bad', '10.96.0.2'), endpointsObject('bad', ['10.244.1.9'])];
    await sync(node, { stdin: listText(...good, ...was) });
    const before = ipvs(node);
    const outcome = await sync(node, {
      stdin: listText(...good, serviceObject('bad', '10.96.0.2', { ports: [{ port: 0 }] }), was[1] as object),
    });
    expect(outcome).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('nothing changed') });
    expect(ipvs(node)).toBe(before);
  });

  test.each([
    ['truncated JSON', listText(...good).slice(0, -40)],
    ['no Kubernetes object', '"hello"'],
    ['a wrong kind alone', JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })],
    ['nothing at all', ''],
  ])('%s: nothing of the input counts', async (_, stdin) => {
    const node = fakeNode();
    expect(await sync(node, { stdin, from: ['-'] })).toMatchObject({
      exitCode: 3,
      stdout: '',
      error: { message: expect.stringMatching(/^stdin: /) },
    });
    expect(node.changing).toEqual([]);
  });
});
