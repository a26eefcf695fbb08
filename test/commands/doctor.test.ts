import { describe, expect, test } from 'vitest';
import type { Surroundings } from '../../src/doctor/surroundings.js';
import { KproxyError } from '../../src/errors.js';
import { toolMissing } from '../../src/run/tool-errors.js';
import { doctor, failed, healthyNode, kubectlWith, printed, trialOutput, troublesIn } from '../doctor/doctored-node.js';
import { now } from '../doctor/healthy-facts.js';

const text = `ok       permissions: root with NET_ADMIN and NET_RAW
ok       tools: ip 6.1.0, ipset 7.17, iptables-save 1.8.9, iptables-restore
         1.8.9, ip6tables-save 1.8.9, ip6tables-restore 1.8.9, ipvsadm 1.31,
         modprobe 30, conntrack 1.4.7
ok       kernel: tried, and there: dummy devices, IPVS, the types of sets and
         the parts of rules
ok       iptables: the back end is legacy
ok       parameters: the kernel parameters let Services work
ok       IPv6: the kernel has IPv6
ok       device: kube-ipvs0 does not exist yet; kproxy sync creates it
ok       other proxies: no other proxy runs on this node
ok       leftovers: no other proxy has left anything
ok       kubectl: kubectl v1.37.0 fits the API server v1.37.2
ok       cluster: the API server answers: Kubernetes v1.37.2
ok       access: these credentials may list and watch services,
         endpointslices.discovery.k8s.io, nodes and endpoints; create and update
         events.events.k8s.io
ok       node: the cluster knows this node as worker-1
ok       clock: the clock agrees with the API server's
ok       disk: there is space in /

0 problems, 0 pieces of advice
`;

const room = { freeBytes: 2 ** 30, freeFiles: undefined, isWritable: true };
const folders = () => [{ folder: '/', space: { is: 'read', value: room } } as const];

describe('kproxy doctor', () => {
  test('says what is as it should be, ends with 0, and changes nothing', async () => {
    const node = healthyNode();
    expect(await doctor(node, { output: 'text', surroundings: { folders } })).toEqual({
      stdout: text,
      stderr: '',
      exitCode: 0,
      error: undefined,
    });
    const changing = node.changing.map(({ argv }) => argv.slice(0, 5).join(' '));
    expect(changing.filter(words => !/ (-V|--version|version)$/.test(words))).toEqual(['unshare --net -- /bin/sh -c']);
  });

  test('ends with 1 if there is a problem, with why it matters and the command', async () => {
    const node = healthyNode();
    node.broken.set('ipset version', toolMissing('ipset'));
    const { stdout, exitCode } = await doctor(node, { output: 'text' });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`problem  tools: ipset is not installed
         It holds the addresses that the rules match.
         $ apt-get install -y ipset
`);
    expect(stdout).toContain('\n1 problem, 0 pieces of advice\n');
  });

  test('ends with 0 if there is only advice', async () => {
    const node = healthyNode();
    node.kernel.sysctls.set('net/ipv4/ip_forward', '0');
    const outcome = await doctor(node);
    expect(outcome.exitCode).toBe(0);
    expect(troublesIn(outcome)).toMatchObject([{ level: 'advice', check: 'parameters' }]);
  });

  test('prints the same as JSON', async () => {
    const { stdout } = await doctor(healthyNode());
    const { findings, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ version: expect.any(String), node: 'worker-1' });
    expect(findings[0]).toEqual({ check: 'permissions', level: 'ok', what: 'root with NET_ADMIN and NET_RAW' });
  });

  test('makes what tools say visible', async () => {
    const node = healthyNode();
    node.broken.set('ip -V', failed('\u001b[2J broken\u202e'));
    const { stdout } = await doctor(node, { output: 'text' });
    expect(stdout).toContain('ip does not tell its version: \\u001b[2J broken\\u202e');
  });
});

describe('what doctor reads:', () => {
  test('features that the kernel lacks, with what the tool says', async () => {
    const node = healthyNode();
    const output = trialOutput(({ name }) =>
      name === 'the match set' ? 'Extension set is missing.\nmore' : undefined,
    );
    node.broken.set('unshare --net -- /bin/sh -c', output);
    expect(troublesIn(await doctor(node))).toMatchObject([
      {
        level: 'problem',
        what: 'the kernel does not have the match set',
        why: expect.stringContaining('The tool says: Extension set is missing.'),
        fix: 'modprobe -a xt_set',
      },
    ]);
  });

  test('that nothing may be tried', async () => {
    const node = healthyNode();
    node.broken.set('unshare --net -- /bin/sh -c', failed('unshare: unshare failed: Operation not permitted\n'));
    expect(troublesIn(await doctor(node))).toMatchObject([
      { level: 'advice', what: expect.stringContaining('unshare failed: Operation not permitted') },
    ]);
  });

  test('modules that are on no disk', async () => {
    const node = healthyNode();
    const folder = `/lib/modules/${node.kernel.release}`;
    node.kernel.files.set(
      `${folder}/modules.dep`,
      'kernel/net/netfilter/ipvs/ip_vs.ko.xz: kernel/lib/libcrc32c.ko.xz\n',
    );
    node.kernel.files.set(`${folder}/modules.builtin`, 'kernel/net/ipv4/ip-vs-rr.ko\n');
    const [missing] = ['dummy', 'ip_vs_rr'];
    node.broken.set(
      'unshare --net -- /bin/sh -c',
      trialOutput(({ module }) => (module === missing ? 'no' : undefined)),
    );
    expect(troublesIn(await doctor(node))).toMatchObject([
      { fix: 'apt-get install -y linux-image-$(dpkg --print-architecture)' },
    ]);
    node.broken.set(
      'unshare --net -- /bin/sh -c',
      trialOutput(({ module }) => (module === 'ip_vs_rr' ? 'no' : undefined)),
    );
    expect(troublesIn(await doctor(node))).toMatchObject([{ fix: 'modprobe -a ip_vs_rr' }]);
  });

  test('a read-only /proc/sys', async () => {
    const node = healthyNode();
    node.kernel.files.set('/proc/self/mounts', 'proc /proc proc rw 0 0\nproc /proc/sys proc ro,nosuid 0 0\n');
    node.kernel.sysctls.set('net/ipv4/ip_forward', '0');
    expect(troublesIn(await doctor(node))).toMatchObject([{ level: 'problem', check: 'parameters' }]);
  });

  test('physdev only where br_netfilter is loaded, which a rule with it would load', async () => {
    const node = healthyNode();
    const script = () =>
      node.commands
        .filter(({ argv }) => argv[0] === 'unshare')
        .at(-1)
        ?.argv.at(-1);
    await doctor(node);
    expect(script()).not.toContain('physdev');
    node.kernel.sysctls.set('net/bridge/bridge-nf-call-iptables', '1');
    await doctor(node);
    expect(script()).toContain('physdev');
  });

  test('that a container has its kernel from elsewhere', async () => {
    const node = healthyNode();
    node.kernel.files.set('/run/.containerenv', '');
    node.kernel.files.set('/proc/self/status', 'CapEff:\t00000000a80425fb\n');
    expect(troublesIn(await doctor(node))).toMatchObject([
      { what: 'root lacks the capability NET_ADMIN', why: expect.stringContaining('securityContext') },
    ]);
  });

  test('rules of the iptables mode', async () => {
    const node = healthyNode();
    const rules = '*nat\n:KUBE-SVC-ABCDEFGHIJKLMNOP - [0:0]\nCOMMIT\n';
    node.broken.set('iptables-save', printed(rules));
    node.broken.delete('iptables-save --version');
    node.broken.set('ip6tables-save', printed(''));
    const found = troublesIn(await doctor(node)).filter(({ check }) => check === 'leftovers');
    expect(found).toMatchObject([
      {
        level: 'problem',
        what: "kube-proxy's iptables mode has left the chain KUBE-SVC-ABCDEFGHIJKLMNOP (nat)",
        fix: expect.stringContaining('KUBE-(SVC|SVL|SEP|EXT|FW|XLB)-'),
      },
    ]);
  });

  test('a device of another type', async () => {
    const node = healthyNode();
    node.broken.set(
      'ip -d -j addr show',
      printed('[{"ifname":"kube-ipvs0","linkinfo":{"info_kind":"bridge"},"addr_info":[]}]'),
    );
    const found = troublesIn(await doctor(node)).map(({ what }) => what);
    expect(found).toContain('kube-ipvs0 is not a dummy device, but of type bridge');
  });

  test("kube-proxy's mode only if it runs", async () => {
    const kubeProxyMode = async () => 'iptables';
    expect(troublesIn(await doctor(healthyNode(), { surroundings: { kubeProxyMode } }))).toEqual([]);
    const proxies = () => [{ name: 'kube-proxy', process: 7, consequence: 'no.', words: [], manager: 'pod' }];
    expect(troublesIn(await doctor(healthyNode(), { surroundings: { kubeProxyMode, proxies } }))).toMatchObject([
      { what: 'kube-proxy runs on this node too (process 7), in iptables mode' },
    ]);
  });

  test('whether sudo asks, only if it is used', async () => {
    const asks: Partial<Surroundings> = { isRoot: false, sudoState: async () => 'asks' };
    expect(troublesIn(await doctor(healthyNode(), { sudo: true, surroundings: asks }))).toMatchObject([
      { check: 'permissions', what: 'sudo asks for a password' },
    ]);
    expect(troublesIn(await doctor(healthyNode(), { surroundings: asks }))).toMatchObject([
      { check: 'permissions', what: 'this user is not root, and sudo is not used' },
    ]);
  });
});

test.each(['missing', 'refused'] as const)('without a sudo that works (%s), tools are run without it', async state => {
  const node = healthyNode();
  node.broken.set('', toolMissing('sudo'));
  const surroundings: Partial<Surroundings> = { isRoot: false, sudoState: async () => state };
  const outcome = await doctor(node, { sudo: true, nodeWithoutSudo: healthyNode(), surroundings });
  expect(node.commands).toEqual([]);
  expect(troublesIn(outcome)).toMatchObject([{ check: 'permissions', level: 'problem' }]);
});

describe('what doctor reads of the cluster:', () => {
  const troubles = async (...answers: Parameters<typeof kubectlWith>) =>
    troublesIn(await doctor(healthyNode(), { kubectl: kubectlWith(...answers) }));

  test('why the API server does not answer, without the words of -v=8', async () => {
    const stderr =
      'I1123 00:00:00.1 1 loader.go:408] Config loaded from file\n' +
      'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?\n';
    expect(await troubles({ 'get --raw /version': failed(stderr) })).toMatchObject([
      {
        check: 'cluster',
        what: expect.stringMatching(/^the API server does not answer: The connection to the server 10\.0\.0\.1:6443/),
        why: expect.stringContaining('Check the cluster'),
      },
    ]);
  });

  test('that kubectl is missing', async () => {
    const error = new KproxyError({ code: 'kubectl-missing', message: 'kubectl is not installed' });
    const kubectl = () => Promise.reject(error);
    expect(troublesIn(await doctor(healthyNode(), { kubectl }))).toMatchObject([
      { check: 'kubectl', fix: expect.stringContaining('https://dl.k8s.io/release/$(curl -fsSL') },
    ]);
  });

  test('verb by verb what is allowed, and whose the credentials are', async () => {
    const answers = (await kubectlWith()(['create', '-f', '-', '-o'])).stdout.replace(
      'watch services  true',
      'watch services  false',
    );
    expect(
      await troubles({ 'create -f -': printed(answers), 'auth whoami': printed('system:node:worker-1') }),
    ).toMatchObject([
      {
        level: 'problem',
        what: 'these credentials may not watch services',
        fix: 'kubectl create clusterrolebinding kproxy --clusterrole=system:node-proxier --user=system:node:worker-1',
      },
    ]);
  });

  test('a Node that is not among the first ones', async () => {
    const first = printed('{"kind":"NodeList","items":[],"metadata":{"remainingItemCount":900}}');
    const one = (items: string) => printed(`{"kind":"NodeList","items":[${items}]}`);
    const of = (items: string) =>
      troubles({
        'get --raw /api/v1/nodes?limit=500': first,
        'get --raw /api/v1/nodes?fieldSelector=metadata.name%3Dworker-1': one(items),
      });
    expect(await of('{"metadata":{"name":"worker-1"}}')).toEqual([]);
    expect(await of('')).toMatchObject([{ level: 'problem', check: 'node' }]);
  });

  test('a clock that is wrong by more than an answer takes', async () => {
    const clock = async (milliseconds: number) =>
      troublesIn(await doctor(healthyNode(), { surroundings: { now: () => now + milliseconds } }));
    expect(await clock(9_000)).toEqual([]);
    expect(await clock(-9_000)).toEqual([]);
    expect(await clock(-30_000)).toMatchObject([{ what: "the clock is 30 s behind the API server's" }]);
    expect(await clock(31_000)).toMatchObject([{ what: "the clock is 30 s ahead of the API server's" }]);
  });
});
