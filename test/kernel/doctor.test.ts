import { expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.js';
import type { CommandResult } from '../../src/sandbox/sandbox.js';
import { machine, output, useSandbox } from './support/guest.js';
import { kproxyProgram } from './support/kproxy.js';

const tools = '/tmp/tools';
/** Answers as a cluster does that knows the node and allows everything. */
const kubectl = `#!/bin/sh
case "$*" in
  *'version --client'*) echo '{"clientVersion":{"gitVersion":"v1.37.2"}}' ;;
  *'--raw /version'*) echo '{"gitVersion":"v1.37.2"}'; date -u '+    Date: %a, %d %b %Y %H:%M:%S GMT' >&2 ;;
  *'create -f -'*)
    for kind in 'services ' 'endpointslices discovery.k8s.io' 'nodes ' 'endpoints '; do
      echo "list $kind true"; echo "watch $kind true"
    done
    echo 'create events events.k8s.io true'; echo 'update events events.k8s.io true' ;;
  *'--raw /api/v1/nodes'*) echo '{"kind":"NodeList","items":[{"metadata":{"name":"node-a"}}],"metadata":{}}' ;;
  *) exit 1 ;;
esac
`;

const sandbox = useSandbox({}, async guest => {
  await guest.writeFile(`${tools}-kubectl`, kubectl);
  const script = `mkdir -p ${tools}; cp ${tools}-kubectl ${tools}/kubectl; chmod 755 ${tools}/kubectl
    modprobe ipv6; sysctl -qw net.ipv4.ip_forward=1; sysctl -qw net.ipv6.conf.all.forwarding=1 || true`;
  await output(guest, ['sh', '-ec', script]);
});

const doctor = (prefix: readonly string[], ...words: readonly string[]): Promise<CommandResult> =>
  sandbox().run([
    ...prefix,
    process.execPath,
    kproxyProgram,
    'doctor',
    '--tool-path',
    tools,
    '--node',
    'node-a',
    ...words,
  ]);

interface Report {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
}

async function report(prefix: readonly string[] = []): Promise<Report> {
  const { exitCode, stdout, stderr } = await doctor(prefix, '-o', 'json');
  expect(stderr).toBe('');
  return { exitCode, findings: (JSON.parse(stdout) as { findings: readonly Finding[] }).findings };
}

/** Returns what is not ok, in short. */
const troubles = ({ findings }: Report): readonly string[] =>
  findings.filter(({ level }) => level !== 'ok').map(({ check, level, what }) => `${level} ${check}: ${what}`);

const shell = (script: string) => output(sandbox(), ['sh', '-ec', script]);

/** Runs every fix, as a user would paste it. */
async function runFixes(findings: readonly Finding[]): Promise<void> {
  for (const finding of findings)
    if (finding.level !== 'ok')
      await output(sandbox(), ['bash', '-c', finding.fix]).catch(error => expect(`${finding.what}: ${error}`).toBe(''));
}

const modules = '"/lib/modules/$(uname -r)/kernel/net/netfilter/ipvs"';

// Modules stay loaded, so this test must be the first. The last one finds what these tests have left.
test.skipIf(machine.virtualMachine !== undefined)(
  'a kernel without its modules is a problem, and modprobe fixes it',
  async () => {
    await shell(`mount -t tmpfs none ${modules}`);
    const found = await report().finally(() => shell(`umount ${modules}`));
    expect(found.exitCode).toBe(1);
    expect(troubles(found).filter(line => line.startsWith('problem'))).toEqual([
      'problem kernel: the kernel does not have ip_vs with the scheduler rr',
      'problem kernel: the kernel does not have the match ipvs',
    ]);
    // Loading it would change what happens to the frames of bridges.
    expect(await shell('cat /proc/modules')).not.toContain('br_netfilter');
    await runFixes(found.findings);
  },
);

/** What other proxies leave, a device of another type, and a kernel that does not forward. */
const breakNode = `
sysctl -qw net.ipv4.ip_forward=0
ip link add kube-ipvs0 type bridge
ip link add kube-dummy-if type dummy
ip link add cni0 type bridge
iptables-restore <<'R'
*nat
:KUBE-SVC-ABCDEFGHIJKLMNOP - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.30/32 -j KUBE-SVC-ABCDEFGHIJKLMNOP
-A KUBE-SERVICES -j KUBE-NODEPORTS
COMMIT
*filter
:KUBE-SERVICES - [0:0]
:KUBE-FIREWALL - [0:0]
:DOCKER - [0:0]
-A INPUT -j KUBE-FIREWALL
-A FORWARD -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.30/32 -j REJECT
COMMIT
R`;

/** Runs a command without ipset. Its folder is read-only, so another one takes its place. */
const withoutIpset = `mkdir -p /tmp/all /tmp/few; mount --bind /usr/sbin /tmp/all; ln -s -t /tmp/few /tmp/all/*
  rm /tmp/few/ipset; mount --bind /tmp/few /usr/sbin; exec "$@"`;

test('what is wrong is named, and each command can be pasted', async () => {
  await shell(breakNode);
  const found = await report(['unshare', '--mount', 'sh', '-ec', withoutIpset, 'sh']);
  expect(found.exitCode).toBe(1);
  expect(troubles(found)).toEqual([
    'problem tools: ipset is not installed',
    'advice parameters: net.ipv4.ip_forward is 0',
    'problem parameters: the module br_netfilter is not loaded, and this node has the bridge cni0',
    'problem device: kube-ipvs0 is not a dummy device, but of type bridge',
    "problem leftovers: kube-proxy's iptables mode has left the chains KUBE-SERVICES (filter), KUBE-NODEPORTS (nat), " +
      'KUBE-SVC-ABCDEFGHIJKLMNOP (nat)',
    'problem leftovers: kube-router has left the device kube-dummy-if',
  ]);
  await runFixes(found.findings.filter(({ check }) => check !== 'tools'));
  const rules = (await shell('iptables-save -t nat; iptables-save -t filter')).match(/^(?::[A-Z-]+ -|-A.*)/gm);
  expect(rules).toEqual([
    ':KUBE-POSTROUTING -',
    ':KUBE-SERVICES -',
    '-A PREROUTING -j KUBE-SERVICES',
    ':DOCKER -',
    ':KUBE-FIREWALL -',
    '-A INPUT -j KUBE-FIREWALL',
  ]);
});

test('after these commands there is no problem, and the node keeps nothing of what was tried', async () => {
  const state = () =>
    shell('ip -br link; ipset list -n; cat /proc/net/ip_vs || true; iptables-save -t nat | grep -v ^#; ls /run');
  const before = await state();
  const { exitCode, stdout, stderr } = await doctor([]);
  expect({ stderr, exitCode, stdout }).toMatchObject({ stderr: '', exitCode: 0 });
  expect(stdout).toMatch(/\n\n0 problems, 0 pieces of advice\n$/);
  expect(stdout).toContain(`ok       kernel: tried, and there: dummy devices, IPVS, the types of sets and
         the parts of rules
`);
  expect(await state()).toBe(before);
});
