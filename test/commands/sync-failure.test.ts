import { describe, expect, test } from 'vitest';
import { createThisNode } from '../../src/run/this-node.js';
import { fakeNode, freshKernel, kernelOf, runCommand } from '../support/fake-node/index.js';
import { emptyTable, type FakeTable } from '../support/fake-node/kernel.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';

const ipvs = ({ kernel }: ReturnType<typeof fakeNode>) => runCommand(kernel, { argv: ['ipvsadm', '-S', '-n'] }).stdout;

describe('a sync of which a command fails', () => {
  /** The commands of the first sync of the tutorial's cluster. */
  const programs = ['modprobe', 'sed', 'ip', 'ipset', 'iptables-restore', 'ip', 'ipvsadm'];

  test('runs these commands', async () => {
    const node = fakeNode();
    await sync(node);
    expect(node.changing.map(({ argv }) => argv[0])).toEqual(programs);
  });

  const numbered = programs.map((program, index) => ({ program, at: index + 1 }));
  /** Commands whose changes many Services need. */
  const common = numbered.filter(({ program }) => ['modprobe', 'iptables-restore'].includes(program));

  test.each([...common, { program: 'ip', at: 3 }])(
    '$at, $program: the error says what was done and what was not, and the next sync finishes',
    async ({ program, at }) => {
      const node = fakeNode();
      node.trouble = { at, how: { is: 'fails', exitCode: 4, stderr: 'the lock is held\n' } };
      const { exitCode, error, stdout } = await sync(node);
      expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
      // Before the module is loaded it is not known that the limits of conntrack are high enough.
      const left = at > 2 ? programs.slice(at - 1) : programs.slice(at - 1).toSpliced(3 - at, 0, 'tee', 'tee');
      const all = at - 1 + left.length;
      expect(error?.message).toMatch(new RegExp(`^\`${program} .*failed; ${at - 1} commands? of ${all} had been run$`));
      expect(error?.evidence?.split('\n')).toEqual([
        'exit status 4',
        'the lock is held',
        `done: ${programs.slice(0, at - 1).join(', ') || 'nothing'}`,
        `not done: ${left.join(', ')}`,
      ]);
      expect(error).toMatchObject({
        code: 'apply-failed',
        advice: 'What was done stays. Run kproxy sync again: it reads the node and goes on from there.',
      });
      node.trouble = undefined;
      expect(await sync(node)).toMatchObject({ exitCode: 0 });
      expect(ipvs(node)).toContain('-a -t 10.254.10.128:80 -r 10.244.2.2:8080 -m -w 1');
      expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n' });
    },
  );

  test.each(numbered.filter(command => !common.includes(command) && command.at !== 3))(
    '$at, $program: what is missing after a failure is tried again, element by element',
    async ({ at }) => {
      const node = fakeNode();
      node.trouble = { at, how: { is: 'fails', exitCode: 4, stderr: 'interrupted\n' } };
      expect(await sync(node)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(ipvs(node)).toContain('-a -t 10.254.10.128:80 -r 10.244.2.2:8080 -m -w 1');
      expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n' });
    },
  );

  test('a tool that succeeds although it does only a part is detected', async () => {
    const node = fakeNode();
    node.broken.set('ipvsadm --restore', { stdout: '', stderr: '', exitCode: 0 });
    expect(await sync(node)).toMatchObject({
      exitCode: 5,
      stdout: '',
      error: {
        code: 'changes-missing',
        message: '3 of 30 changes are not on the node although all commands succeeded',
        evidence: [
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

describe('a node that cannot be read is not changed', () => {
  const missing = () =>
    createThisNode({ sudo: false, timeoutMilliseconds: 1000 }).run({ argv: ['kproxy-no-such-tool'] });

  test('because a tool is not installed', async () => {
    const error = await missing().catch(error => error);
    expect(error).toMatchObject({
      code: 'tool-missing',
      message: 'kproxy-no-such-tool is not installed',
      evidence: 'It is in none of the folders /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin, /bin.',
      advice: 'Install it (apt-get install coreutils), or name its folder with --tool-path, and run kproxy again.',
    });
    const node = fakeNode();
    node.broken.set('ipset', error);
    expect(await sync(node)).toMatchObject({ exitCode: 4, stdout: '', error: { message: error.message } });
    expect(node.changing).toEqual([]);
  });

  test('because the user is not root', async () => {
    const node = fakeNode();
    const stderr = 'ipset v7.17: Kernel error received: Operation not permitted\n';
    node.broken.set('ipset save', { stdout: '', stderr, exitCode: 1 });
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: {
        code: 'tool-failed',
        message: 'cannot read the node: `ipset save` failed with exit status 1',
        evidence: stderr.trim(),
        advice: 'Nothing was changed. Run kproxy as root or with --sudo, on a kernel that has ip_vs and ip_set.',
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
  ])('because %s prints %j', async (command, stdout) => {
    const node = fakeNode();
    node.broken.set(command, { stdout, stderr: '', exitCode: 0 });
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: {
        code: 'output-not-understood',
        message: `cannot read the node: \`${command}\` printed something that kproxy does not understand`,
      },
    });
    expect(node.changing).toEqual([]);
  });

  test('but sync --dry-run prints a script that starts from nothing, and says so', async () => {
    const node = fakeNode();
    node.broken.set('ipset save', { stdout: '', stderr: 'Operation not permitted', exitCode: 1 });
    const { stdout, exitCode } = await sync(node, { dryRun: true });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "starting from nothing, because the node's state cannot be read " +
        '(cannot read the node: `ipset save` failed with exit status 1).',
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

  test('is the other one if only that has rules', async () => {
    const kernel = freshKernel({ backend: 'nft' });
    kernel.otherTables.IPv4.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({ exitCode: 0 });
    const programs = node.changing.map(({ argv }) => argv[0]);
    expect(programs.filter(name => name?.includes('tables'))).toEqual(['iptables-legacy-restore']);
    expect(kernel.tables.IPv4.get('nat')?.has('KUBE-SERVICES')).toBe(false);
    expect(kernel.otherTables.IPv4.get('nat')?.has('KUBE-SERVICES')).toBe(true);
    expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n' });
  });

  test('is an error if both have rules', async () => {
    const kernel = freshKernel({ backend: 'legacy' });
    kernel.tables.IPv4.set('filter', withRule());
    kernel.otherTables.IPv4.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: {
        code: 'two-iptables-backends',
        message: 'this node has iptables rules in both backends: legacy 1, nft 1',
      },
    });
    expect(node.changing).toEqual([]);
  });

  test('is an error if the rules of one family are in the other backend', async () => {
    const kernel = freshKernel({ backend: 'nft' });
    kernel.tables.IPv4.set('filter', withRule());
    kernel.otherTables.IPv6.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({
      exitCode: 4,
      error: {
        code: 'two-iptables-backends',
        message: 'this node has iptables rules in both backends: nft 1, legacy 1',
      },
    });
    expect(node.changing).toEqual([]);
  });

  test('is the other one if plain iptables has no tables at all', async () => {
    const kernel = freshKernel({ backend: 'legacy' });
    for (const tables of [kernel.tables.IPv4, kernel.tables.IPv6]) tables.clear();
    kernel.otherTables.IPv4.set('filter', withRule());
    const node = fakeNode(kernel);
    expect(await sync(node)).toMatchObject({ exitCode: 0 });
    const programs = node.changing.map(({ argv }) => argv[0]).filter(name => name?.includes('tables'));
    expect(programs).toEqual(['iptables-nft-restore']);
  });

  test('is found with the tools if the user may not read the list of tables', async () => {
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

  test('takes no further process on a node with one backend', async () => {
    const node = fakeNode(kernelOf(new Map()));
    await sync(node);
    expect(node.commands.map(({ argv }) => argv[0]).filter(name => /-(nft|legacy)/.test(name ?? ''))).toEqual([]);
  });
});

describe('an invalid object', () => {
  const good = [serviceObject('good', '10.96.0.1'), endpointsObject('good', ['10.244.1.3'])];
  const invalid: readonly (readonly [string, object, string])[] = [
    [
      'an address that is too short',
      endpointsObject('bad', ['10.0.0']),
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
    ['an invalid VIP', serviceObject('bad', '10.96.0.300'), 'stdin: Service default/bad: spec.clusterIP: '],
  ];

  test.each(invalid)('%s: sync names it with its field, and applies the valid ones', async (_, bad, words) => {
    const node = fakeNode();
    const outcome = await sync(node, { stdin: listText(...good, bad) });
    expect(outcome.exitCode).toBe(3);
    expect(outcome.stderr.split('\n')).toHaveLength(2);
    expect(outcome.stderr.startsWith(words), outcome.stderr).toBe(true);
    expect(ipvs(node)).toBe('-A -t 10.96.0.1:80 -s rr\n-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1\n');
    expect(node.commands.map(({ input }) => input ?? '').join()).not.toMatch(/reboot|rm -rf/);
  });

  test('keeps what the node has for it', async () => {
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
    ['text that is no Kubernetes object', '"hello"'],
    ['only objects of another kind', JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })],
    ['an empty text', ''],
  ])('%s: sync changes nothing', async (_, stdin) => {
    const node = fakeNode();
    expect(await sync(node, { stdin, from: ['-'] })).toMatchObject({
      exitCode: 3,
      stdout: '',
      error: { message: expect.stringMatching(/^stdin: /) },
    });
    expect(node.changing).toEqual([]);
  });
});
