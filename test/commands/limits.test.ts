import { describe, expect, test } from 'vitest';
import { runDiff } from '../../src/commands/diff.js';
import { runSnapshot } from '../../src/commands/snapshot.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { parseSnapshot } from '../../src/snapshot/snapshot.js';
import { type FakeKernel, type FakeNode, fakeNode, freshKernel } from '../support/fake-node/index.js';
import { loadModule } from '../support/fake-node/kernel.js';
import { outcomeOf, readingOptions } from '../support/run-command.js';
import { sync, tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { withVersions } from '../support/version-answers.js';

const stdin = listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3']));
const max = 'net/netfilter/nf_conntrack_max';
const inSync = 'node inajob: in sync, nothing changed\n';

const withTimeouts: Partial<ProxyOptions> = { ipvsTimeouts: { tcp: 7200, tcpFin: 0, udp: 60 } };

const limitOf = ({ kernel }: FakeNode, name: string): string | undefined =>
  kernel.sysctls.get(`net/netfilter/nf_conntrack_${name}`);

/** Returns a machine with ip_vs loaded and a small table of connections. */
function smallKernel(maximum = '8192'): FakeKernel {
  const kernel = freshKernel();
  loadModule(kernel, 'ip_vs');
  kernel.sysctls.set(max, maximum);
  return kernel;
}

const diffText = async (node: FakeNode, proxy: Partial<ProxyOptions>, snapshot?: string) =>
  (
    await outcomeOf(
      io =>
        runDiff(
          {
            ...readingOptions,
            output: 'text',
            proxy: { ...tutorialProxy, ...proxy },
            snapshot: snapshot === undefined ? undefined : parseSnapshot(snapshot, 'node.json'),
          },
          node,
          io,
        ),
      stdin,
    )
  ).stdout;

const snapshotOf = async (node: FakeNode): Promise<string> =>
  (await outcomeOf(io => runSnapshot('inajob', withVersions(node), io))).stdout;

describe('the limits of conntrack', () => {
  test('are raised if they are too low', async () => {
    const node = fakeNode(smallKernel());
    expect(await diffText(node, {})).toContain('value is 8192, should be at least 131072');
    expect(await sync(node, { stdin })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(['max', 'tcp_timeout_established', 'tcp_timeout_close_wait'].map(name => limitOf(node, name))).toEqual([
      '131072',
      '86400',
      '3600',
    ]);
    expect(await sync(node, { stdin })).toMatchObject({ stdout: inSync });
  });

  test('stay as they are if the node has more, whether ip_vs is loaded before the sync or by it', async () => {
    for (const kernel of [smallKernel('500000'), freshKernel()]) {
      const node = fakeNode(kernel);
      const before = kernel.sysctls.get(max) ?? '262144';
      expect(await sync(node, { stdin })).toMatchObject({ exitCode: 0, stderr: '' });
      expect(limitOf(node, 'max')).toBe(before);
    }
  });

  test('are explained above their commands, with the present value of a timeout that becomes shorter', async () => {
    const { stdout } = await sync(fakeNode(smallKernel()), { stdin, dryRun: true });
    expect(stdout).toContain(
      [
        '# It is present as sysctl net.netfilter.nf_conntrack_max = 8192. Without it the node would drop the first ' +
          'packet of every new connection once its table of connections is full. It is only raised: a node that has ' +
          'more keeps it. It is conntrack.min.',
        "awk '{ exit !($1 >= 131072) }' /proc/sys/net/netfilter/nf_conntrack_max >/dev/null 2>&1 ||",
        '  echo 131072 | tee /proc/sys/net/netfilter/nf_conntrack_max',
      ].join('\n'),
    );
    expect(stdout).toContain('# It is present as sysctl net.netfilter.nf_conntrack_tcp_timeout_established = 432000. ');
  });

  test('are left out with a line in a network namespace that cannot set them, and the rest is done', async () => {
    const kernel = smallKernel();
    kernel.readOnly.add(max);
    const node = fakeNode(kernel);
    expect(await sync(node, { stdin })).toMatchObject({
      exitCode: 0,
      stderr:
        'net.netfilter.nf_conntrack_max is 8192 and should be at least 131072: only the first network namespace of ' +
        'the machine can set that. Set it there, or set conntrack.maxPerCore to 0.\n',
    });
    expect(node.commands.filter(({ argv }) => argv.some(word => word.endsWith('nf_conntrack_max')))).toEqual([]);
    expect(limitOf(node, 'tcp_timeout_close_wait')).toBe('3600');
    expect(await sync(node, { stdin, proxy: { conntrack: { ...tutorialProxy.conntrack, maxPerCore: 0 } } })).toEqual({
      stdout: inSync,
      stderr: '',
      exitCode: 0,
      error: undefined,
    });
  });

  test('are left out too if only loading ip_vs shows that they cannot be set, and the sync succeeds', async () => {
    const kernel = freshKernel();
    kernel.readOnly.add(max);
    const node = fakeNode(kernel);
    const proxy = { conntrack: { ...tutorialProxy.conntrack, maxPerCore: 500_000 } };
    const { exitCode, stderr } = await sync(node, { stdin, proxy });
    expect({ exitCode, lines: stderr.split('\n') }).toEqual({
      exitCode: 0,
      lines: [
        expect.stringMatching(/^net\.netfilter\.nf_conntrack_max is 262144 and should be at least 1000000: /),
        '',
      ],
    });
    expect(limitOf(node, 'tcp_timeout_close_wait')).toBe('3600');
  });

  test('are named and left out alone if the kernel refuses them', async () => {
    const node = fakeNode(smallKernel());
    node.kernel.refusals.set('net/netfilter/nf_conntrack_tcp_timeout_close_wait', 'no');
    const { exitCode, stderr } = await sync(node, { stdin });
    expect(stderr).toMatch(
      /^sysctl net\.netfilter\.nf_conntrack_tcp_timeout_close_wait = 3600 is refused by this node/,
    );
    expect({ exitCode, max: limitOf(node, 'max') }).toEqual({ exitCode: 3, max: '131072' });
  });
});

describe('the timeouts of IPVS', () => {
  test('are set with the virtual servers, in the same process, and then compared', async () => {
    const node = fakeNode();
    expect(await sync(node, { stdin, proxy: withTimeouts })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(node.kernel.timeouts).toEqual({ tcp: 7200, tcpFin: 120, udp: 60 });
    const [restore] = node.changing.filter(({ argv }) => argv[0] === 'ipvsadm');
    expect(restore?.input?.split('\n')[0]).toBe('--set 7200 0 60');
    expect(await sync(node, { stdin, proxy: withTimeouts })).toMatchObject({ stdout: inSync });
    node.kernel.timeouts.udp = 300;
    expect(await diffText(node, withTimeouts)).toContain('UDP is 300 s, should be 60 s');
    expect(await sync(node, { stdin, proxy: withTimeouts })).toMatchObject({
      stdout: 'node inajob: 0 added, 1 changed, 0 removed\n',
    });
    expect(node.kernel.timeouts.udp).toBe(60);
  });

  test('cost no process if none is configured', async () => {
    const node = fakeNode();
    await sync(node, { stdin });
    await sync(node, { stdin });
    expect(node.commands.filter(({ argv }) => argv.includes('--timeout') || argv.includes('--set'))).toEqual([]);
  });

  test('are a line of the script with its reason', async () => {
    const { stdout } = await sync(fakeNode(), { stdin, proxy: withTimeouts, dryRun: true });
    expect(stdout).toMatch(/^# --ipvs-tcp-timeout and its like: Without them .*\nipvsadm --set 7200 0 60$/m);
  });

  test('are named and left out alone if ipvsadm refuses them, and the Services are served', async () => {
    const node = fakeNode();
    const proxy = { ipvsTimeouts: { tcp: 9_000_000, tcpFin: 0, udp: 0 } };
    expect(await sync(node, { stdin, proxy })).toMatchObject({
      exitCode: 3,
      stderr:
        'IPVS timeouts TCP 9000000 s is refused by this node (ipvsadm --set 9000000 0 0: invalid timeout value ' +
        "`9000000' specified)\n",
    });
    expect([...node.kernel.servers.keys()]).toEqual(['TCP 10.96.0.1:80']);
  });
});

describe('a snapshot', () => {
  test('has the limits, so that it is compared as the node is', async () => {
    const node = fakeNode(smallKernel());
    await sync(node, { stdin, proxy: withTimeouts });
    const snapshot = await snapshotOf(node);
    expect(JSON.parse(snapshot)).toMatchObject({
      limits: { processors: 2, readOnly: [] },
      ipvsTimeouts: { tcp: 7200, tcpFin: 120, udp: 60 },
    });
    expect(await diffText(node, withTimeouts, snapshot)).toBe('node inajob: in sync\n');
    const longer = { ipvsTimeouts: { tcp: 7201, tcpFin: 0, udp: 60 } };
    expect(await diffText(node, longer, snapshot)).toBe(await diffText(node, longer));
  });

  test('of an earlier kproxy, which did not read them, shows no difference in them', async () => {
    const node = fakeNode();
    await sync(node, { stdin });
    const { limits: _, ipvsTimeouts: __, ...rest } = JSON.parse(await snapshotOf(node));
    const elements = rest.elements.filter(({ name = '' }) => !name.startsWith('net/netfilter/'));
    expect(rest.elements.length - elements.length).toBe(7);
    const earlier = JSON.stringify({ ...rest, elements });
    expect(await diffText(node, withTimeouts, earlier)).toBe('node inajob: in sync\n');
  });
});
