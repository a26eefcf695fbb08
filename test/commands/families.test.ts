import { describe, expect, test } from 'vitest';
import { type CleanupOptions, runCleanup } from '../../src/commands/cleanup.js';
import { runDiff } from '../../src/commands/diff.js';
import { runSnapshot } from '../../src/commands/snapshot.js';
import { runStatus, watchStatus } from '../../src/commands/status.js';
import { parseSnapshot } from '../../src/snapshot/snapshot.js';
import { type FakeKernel, type FakeNode, fakeNode, freshKernel, print } from '../support/fake-node/index.js';
import { outcomeOf, readingOptions } from '../support/run-command.js';
import { type Setting, sync } from '../support/run-sync.js';
import { listText, serviceObject } from '../support/sample-objects.js';
import { withVersions } from '../support/version-answers.js';
import { sliceObject } from '../sync/support/programmed-node.js';

const dualStack = serviceObject('web', '10.96.0.1', { clusterIPs: ['10.96.0.1', 'fd00:96::1'] });
const ipv6Slice = (name: string) => ({
  ...sliceObject(name, ['fd00:244:1::3'], { name: `${name}-6` }),
  addressType: 'IPv6',
});
const slices = [sliceObject('web', ['10.244.1.3']), ipv6Slice('web')];
const both = listText(dualStack, ...slices);
const onlyIpv4 = listText(serviceObject('web', '10.96.0.1'), sliceObject('web', ['10.244.1.3']));
const onlyIpv6 = listText(serviceObject('six', 'fd00:96::6'), ipv6Slice('six'));
const diff = (node: FakeNode, stdin: string, snapshot?: ReturnType<typeof parseSnapshot>) =>
  outcomeOf(io => runDiff({ ...readingOptions, output: 'text', snapshot }, node, io), stdin);
const status = (node: FakeNode, stdin: string) =>
  outcomeOf(io => runStatus({ ...readingOptions, output: 'text', snapshot: undefined }, node, io), stdin);
const cleanup = (node: FakeNode, options: Partial<CleanupOptions> = {}) =>
  outcomeOf(io =>
    runCleanup({ nodeName: 'n', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false, ...options }, node, io),
  );

/** Switches IPv6 off as the kernel does, which removes the addresses of the device. */
function disable(kernel: FakeKernel, scope: string): void {
  kernel.sysctls.set(`net/ipv6/conf/${scope}/disable_ipv6`, '1');
  const addresses = kernel.links.get(scope)?.addresses ?? [];
  const kept = addresses.filter(({ address }) => !address.includes(':'));
  addresses.splice(0, addresses.length, ...kept);
}
/** Empties the tables, as a kernel has them that lacks the modules. */
function withoutTables(kernel: FakeKernel, family: 'IPv4' | 'IPv6'): void {
  kernel.tables[family].clear();
  kernel.lacks.add(`${family} tables`);
}

interface Lacking {
  readonly family: 'IPv4' | 'IPv6';
  readonly take: (kernel: FakeKernel) => void;
  readonly reason: string;
}

const lacking: Readonly<Record<string, Lacking>> = {
  'IPv6 off in the kernel': {
    family: 'IPv6',
    take: kernel => {
      kernel.tables.IPv6.clear();
      kernel.lacks.add('IPv6');
    },
    reason: 'its kernel runs without IPv6 (/proc/net/if_inet6 is missing)',
  },
  'IPv6 off on all devices': {
    family: 'IPv6',
    take: kernel => {
      for (const scope of ['all', 'default']) disable(kernel, scope);
    },
    reason: 'its kernel parameter net.ipv6.conf.all.disable_ipv6 is 1',
  },
  'IPv6 off on new devices': {
    family: 'IPv6',
    take: kernel => disable(kernel, 'default'),
    reason: 'its kernel parameter net.ipv6.conf.default.disable_ipv6 is 1',
  },
  'no ip6tables': {
    family: 'IPv6',
    take: kernel => void kernel.lacks.add('IPv6 programs'),
    reason: 'ip6tables-save is not installed',
  },
  'no tables for IPv6': {
    family: 'IPv6',
    take: kernel => withoutTables(kernel, 'IPv6'),
    reason: "can't initialize ip6tables table `nat': Table does not exist",
  },
  'no iptables': {
    family: 'IPv4',
    take: kernel => void kernel.lacks.add('IPv4 programs'),
    reason: 'iptables-save is not installed',
  },
  'no tables for IPv4': {
    family: 'IPv4',
    take: kernel => withoutTables(kernel, 'IPv4'),
    reason: "can't initialize iptables table `nat': Table does not exist",
  },
};

/** Addresses and names of one family's elements. */
const traces = {
  IPv4: /\b10\.96\.0\.1\b|ipset create KUBE-(?!6-)|^(?:other-)?iptables .*KUBE-/m,
  IPv6: /fd00:(96|244)|KUBE-6-|^ip6tables .*KUBE-/m,
};
const otherOf = { IPv4: 'IPv6', IPv6: 'IPv4' } as const;

describe.each(Object.entries(lacking))('a node with %s', (_, { family, take, reason }) => {
  function nodeWithout(): FakeNode {
    const kernel = freshKernel();
    take(kernel);
    return withVersions(fakeNode(kernel));
  }
  const line = new RegExp(`^${family} is left out of all Services, because this node cannot serve it: `);

  test('gets everything of the other family and nothing of this one, with one line and exit code 0', async () => {
    const node = nodeWithout();
    const { stderr, exitCode, error } = await sync(node, { stdin: both });
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
    expect(stderr).toMatch(line);
    expect(stderr).toContain(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(print(node.kernel)).not.toMatch(traces[family]);
    expect(print(node.kernel)).toMatch(traces[otherOf[family]]);
  });

  test('is in sync then, for sync, diff and status', async () => {
    const node = nodeWithout();
    await sync(node, { stdin: both });
    const before = node.changing.length;
    expect((await sync(node, { stdin: both })).stdout).toBe('node inajob: in sync, nothing changed\n');
    for (const outcome of [await diff(node, both), await status(node, both)]) {
      expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(line) });
      expect(outcome.stdout).not.toMatch(traces[family]);
    }
    expect(node.changing).toHaveLength(before);
  });

  test('has nothing of this family in a script', async () => {
    const { stdout, stderr } = await sync(nodeWithout(), { stdin: both, dryRun: true });
    expect(stdout).toMatch(traces[otherOf[family]]);
    expect(stdout).not.toMatch(traces[family]);
    expect(stderr).toMatch(line);
  });

  test('is the same node in its snapshot', async () => {
    const node = nodeWithout();
    await sync(node, { stdin: both });
    const { stdout } = await outcomeOf(io => runSnapshot('inajob', node, io));
    expect(await diff(fakeNode(), both, parseSnapshot(stdout, 'node.json'))).toEqual(await diff(node, both));
  });

  test('is an error if all Services are of this family, before anything is changed', async () => {
    const node = nodeWithout();
    const settings: readonly Setting[] = [{}, { dryRun: true }];
    const stdin = family === 'IPv6' ? onlyIpv6 : onlyIpv4;
    // Tables are tried out only if something can be left out. Without, iptables-restore fails.
    if (reason.includes('Table')) return;
    for (const setting of settings)
      expect(await sync(node, { ...setting, stdin })).toMatchObject({
        exitCode: 4,
        error: {
          code: 'family-unserved',
          message: `this node cannot serve ${family}, and the cluster has no Service of another family`,
          evidence: expect.stringContaining(reason),
        },
      });
    expect(await diff(node, stdin)).toMatchObject({ exitCode: 4 });
    expect(node.changing).toEqual([]);
    expect(await sync(node, { stdin, namespace: 'default' })).toMatchObject({ exitCode: 0 });
  });

  test('says nothing if no Service has this family', async () => {
    const stdin = family === 'IPv6' ? onlyIpv4 : onlyIpv6;
    expect(await sync(nodeWithout(), { stdin })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('a node that loses a family', () => {
  test.each(['all', 'kube-ipvs0'])(
    'by net.ipv6.conf.%s.disable_ipv6 loses all of it, and gets it back',
    async scope => {
      const node = fakeNode();
      await sync(node, { stdin: both });
      const whole = print(node.kernel);
      for (const one of scope === 'all' ? ['all', 'default', 'kube-ipvs0'] : [scope]) disable(node.kernel, one);
      const { stderr } = await sync(node, { stdin: both });
      expect(stderr).toContain(`net.ipv6.conf.${scope}.disable_ipv6 is 1`);
      expect(print(node.kernel).replaceAll(/^sysctl .*$/gm, '')).not.toMatch(traces.IPv6);
      for (const name of node.kernel.sysctls.keys())
        if (name.includes('disable_ipv6')) node.kernel.sysctls.delete(name);
      expect(await sync(node, { stdin: both })).toMatchObject({ exitCode: 0, stderr: '' });
      expect(print(node.kernel).split('\n').sort()).toEqual(whole.split('\n').sort());
    },
  );

  test('by its programs keeps only empty sets, which rules that cannot be seen may name', async () => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    node.kernel.lacks.add('IPv6 programs');
    expect(await sync(node, { stdin: both })).toMatchObject({ exitCode: 0 });
    expect(node.kernel.servers.has('TCP [fd00:96::1]:80')).toBe(false);
    const sets = [...node.kernel.sets].filter(([name]) => name.startsWith('KUBE-6-'));
    expect(sets.map(([, { entries }]) => entries.size)).toEqual([0, 0]);
    expect((await sync(node, { stdin: both })).stdout).toContain('nothing changed');
    expect(await cleanup(node)).toMatchObject({
      exitCode: 0,
      stderr:
        'rules of IPv6 cannot be read (ip6tables-save is not installed), so that its sets stay if there are any\n',
    });
    expect([...node.kernel.sets.keys()].every(name => name.startsWith('KUBE-6-'))).toBe(true);
    node.kernel.lacks.delete('IPv6 programs');
    expect(await cleanup(node)).toMatchObject({ exitCode: 0 });
    expect(node.kernel.sets.size).toBe(0);
  });

  test('does not keep what belongs to Services that were not read', async () => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    disable(node.kernel, 'kube-ipvs0');
    const other = listText({ ...serviceObject('x', '10.96.0.9'), metadata: { name: 'x', namespace: 'other' } });
    expect(await sync(node, { stdin: other, namespace: 'other' })).toMatchObject({ exitCode: 0 });
    expect(print(node.kernel)).toMatch(/10\.96\.0\.1:80/);
    expect(print(node.kernel).replaceAll(/^sysctl .*$/gm, '')).not.toMatch(traces.IPv6);
  });
});

describe('the tables of a family', () => {
  const tries = (node: FakeNode) =>
    node.commands.filter(({ argv }) => argv.includes('POSTROUTING') && argv[3] === 'nat');

  test('are not tried out if they are there', async () => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    expect(tries(node)).toEqual([]);
  });

  test('are not tried out if Services have only one family', async () => {
    const kernel = freshKernel();
    kernel.tables.IPv4.clear();
    kernel.tables.IPv6.clear();
    const node = fakeNode(kernel);
    await sync(node, { stdin: onlyIpv4 });
    expect(tries(node)).toEqual([]);
  });

  test('are an error if they cannot be tried out for another reason', async () => {
    const kernel = freshKernel();
    kernel.tables.IPv6.clear();
    const node = fakeNode(kernel);
    node.broken.set('ip6tables -w -t nat -S', {
      stdout: '',
      stderr: 'Permission denied (you must be root)',
      exitCode: 4,
    });
    expect(await sync(node, { stdin: both })).toMatchObject({ exitCode: 4, error: { code: 'tool-failed' } });
    expect(node.changing).toEqual([]);
  });
});

test('status --watch says once what is left out', async () => {
  const node = fakeNode();
  disable(node.kernel, 'default');
  await sync(node, { stdin: both });
  let looks = 0;
  const pause = async () => (++looks < 3 ? ('again' as const) : ('stop' as const));
  const options = { ...readingOptions, output: 'text', snapshot: undefined } as const;
  const { stderr } = await outcomeOf(io => watchStatus(options, node, io, { pause }), both);
  expect(looks).toBe(3);
  expect(stderr.match(/IPv6 is left out/g)).toHaveLength(1);
});

test('a program that sudo does not find is a missing program', async () => {
  const node = fakeNode();
  await sync(node, { stdin: both });
  const stderr = 'sudo: ip6tables-save: command not found\n';
  node.broken.set('ip6tables-save', { stdout: '', stderr, exitCode: 1 });
  expect(await sync(node, { stdin: both })).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(stderr) });
  expect(node.kernel.sets.get('KUBE-6-CLUSTER-IP')?.entries.size).toBe(0);
});

test('without the programs of both families the node cannot be read', async () => {
  const kernel = freshKernel();
  for (const family of ['IPv4', 'IPv6'] as const) kernel.lacks.add(`${family} programs`);
  const node = fakeNode(kernel);
  expect(await sync(node, { stdin: both })).toMatchObject({ exitCode: 4, error: { code: 'tool-missing' } });
  expect(node.changing).toEqual([]);
});

test('a script that starts from nothing leaves out what the kernel does not have', async () => {
  const kernel = freshKernel();
  kernel.lacks.add('IPv6');
  const { stdout } = await sync(fakeNode(kernel), { stdin: both, dryRun: true, full: true });
  expect(stdout).toMatch(traces.IPv4);
  expect(stdout).not.toMatch(traces.IPv6);
});
