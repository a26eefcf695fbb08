import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../src/sandbox/sandbox.js';
import { output, useSandbox } from '../support/guest.js';
import { kproxyProgram } from '../support/kproxy.js';
import { defaultCases, newNode, removeNode } from '../support/parity-node.js';

const recordedCase = defaultCases.find(({ name }) => name === 'all-together') ?? defaultCases[0];
if (recordedCase === undefined) throw new Error('there is no recorded case');
const { from, options, reference } = recordedCase;
const recorded = (file: string): string => readFileSync(fileURLToPath(new URL(`file://${reference}/${file}`)), 'utf8');

type Backend = 'nft' | 'legacy';
const tools = ['iptables', 'ip6tables'] as const;

/** Makes the plain names refer to a backend's programs, as a distribution's links do. */
const linkTools = (backend: Backend): string =>
  `mkdir -p /tmp/${backend}; cd /tmp/${backend}
  for name in iptables ip6tables; do for verb in '' -save -restore; do
    ln -sf "$(command -v "$name-${backend}$verb")" "$name$verb"
  done; done`;

const sandbox = useSandbox({}, async guest => {
  await output(guest, ['modprobe', 'ipv6']).catch(() => undefined);
  for (const backend of ['nft', 'legacy'] as const) await output(guest, ['sh', '-euc', linkTools(backend)]);
});

const shell = (line: string, input = ''): Promise<string> =>
  output(sandbox(), ['sh', '-euc', line], { namespace: 'node', input });

/** Runs kproxy on a node whose plain `iptables` is that backend's. */
async function sync(plain: Backend, ...more: readonly string[]): Promise<CommandResult> {
  return sandbox().run(
    [process.execPath, kproxyProgram, '--tool-path', `/tmp/${plain}`, 'sync', '--from', from, ...options, ...more],
    {
      namespace: 'node',
    },
  );
}

/** Returns the rules of a backend, or only those of kube-proxy's chains. */
async function rulesIn(backend: Backend, pattern = /^-A /): Promise<readonly string[]> {
  const texts = await Promise.all(tools.map(tool => shell(`${tool}-${backend}-save`)));
  return texts.flatMap(text => text.split('\n')).filter(line => pattern.test(line));
}

const everything = async (): Promise<string> => {
  const text = await shell(
    'iptables-nft-save; ip6tables-nft-save; iptables-legacy-save; ip6tables-legacy-save; ip -o addr',
  );
  const sets = await shell(
    'ipset save; ipvsadm -S -n; cat /proc/sys/net/ipv4/vs/conntrack /proc/sys/net/ipv4/ip_forward',
  );
  return `${text}${sets}`.replace(/^#.*\n/gm, '').replace(/ \[\d+:\d+\]$/gm, '');
};

beforeEach(() => newNode(sandbox(), 'node'));
afterEach(() => removeNode(sandbox(), 'node'));

const other = { nft: 'legacy', legacy: 'nft' } as const;

describe.each(['nft', 'legacy'] as const)('if plain iptables is that of %s,', plain => {
  const sign = { nft: '(nf_tables)', legacy: '(legacy)' }[plain];
  const there = other[plain];

  test('the kernel has both backends', async () => {
    expect(await shell(`PATH=/tmp/${plain}:$PATH; iptables --version`)).toContain(sign);
    for (const tool of tools) for (const backend of ['nft', 'legacy']) await shell(`${tool}-${backend} -t nat -S`);
  });

  test('a new node is programmed in that backend, and the other stays empty', async () => {
    expect(await sync(plain)).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await rulesIn(plain, /^-A KUBE-/)).length).toBeGreaterThan(40);
    expect(await rulesIn(there)).toEqual([]);
    expect(await sync(plain)).toMatchObject({ exitCode: 0, stdout: 'node node-a: in sync, nothing changed\n' });
  });

  test('a node with rules in both is refused with their numbers, and nothing is changed', async () => {
    await shell(`iptables-${plain} -A INPUT -s 192.0.2.1 -j DROP; iptables-${plain} -A INPUT -s 192.0.2.2 -j DROP`);
    await shell(`iptables-${there} -A INPUT -s 192.0.2.3 -j DROP`);
    await shell('ipvsadm -A -t 192.0.2.9:80 -s rr; ipset list');
    const before = await everything();
    const { exitCode, stdout, stderr } = await sync(plain);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain(`this node has iptables rules in both backends: ${plain} 2, ${there} 1`);
    expect(stderr).toContain('Nothing was changed.');
    expect(await everything()).toBe(before);
  });

  test('the kubelet’s chain decides, and --iptables-backend overrules it', async () => {
    await shell(`iptables-${plain} -A INPUT -s 192.0.2.1 -j DROP; iptables-${there} -A INPUT -s 192.0.2.3 -j DROP`);
    await shell(`ip6tables-${there} -t mangle -N KUBE-IPTABLES-HINT`);
    const counts = `${plain} 1, ${there} 1`;
    const { exitCode, stderr } = await sync(plain);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      `this node has iptables rules in both backends (${counts}), and packets pass both. kproxy`,
    );
    expect(stderr).toContain(`uses ${there}, because the kubelet has its chain KUBE-IPTABLES-HINT there.`);
    expect((await rulesIn(there, /^-A KUBE-/)).length).toBeGreaterThan(40);
    expect(await rulesIn(plain, /^-A KUBE-/)).toEqual([]);
    const script = await sync(plain, '--iptables-backend', plain, '--dry-run', '--script', 'batch');
    expect(script).toMatchObject({ exitCode: 0, stderr: '' });
    expect(script.stdout).toContain(`\nrestore_rules ip6tables-${plain} <<`);
  });

  test('a node with IPv4 rules in one backend and IPv6 rules in the other is refused', async () => {
    await shell(`iptables-${plain} -A INPUT -s 192.0.2.1 -j DROP; ip6tables-${there} -A INPUT -s 2001:db8::1 -j DROP`);
    const before = await everything();
    const { exitCode, stderr } = await sync(plain);
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`this node has iptables rules in both backends: ${plain} 1, ${there} 1`);
    expect(await everything()).toBe(before);
  });

  test(`a node whose kube-proxy has its rules in ${there} is programmed there`, async () => {
    await shell('ipset -exist restore', recorded('ipset'));
    for (const tool of tools) await shell(`${tool}-${there}-restore -w --noflush`, recorded(tool));
    const script = await sync(plain, '--dry-run', '--script', 'batch');
    expect(script.stdout).toContain(`\nrestore_rules ip6tables-${there} <<`);
    expect(script.stdout).not.toMatch(/^restore_rules ip6?tables </m);
    expect(await sync(plain)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await rulesIn(plain)).toEqual([]);
    const programmed = await rulesIn(there, /^-A KUBE-/);
    expect(await sync(plain)).toMatchObject({ exitCode: 0, stdout: 'node node-a: in sync, nothing changed\n' });
    // The rules are the same as on a node that had none.
    await removeNode(sandbox(), 'node');
    await newNode(sandbox(), 'node');
    expect(await sync(there)).toMatchObject({ exitCode: 0 });
    expect([...programmed].sort()).toEqual([...(await rulesIn(there, /^-A KUBE-/))].sort());
  });
});
