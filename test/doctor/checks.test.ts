import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../src/doctor/checks/index.js';
import type { Facts, FolderSpace, RunningProxy } from '../../src/doctor/facts.js';
import type { Finding } from '../../src/doctor/finding.js';
import { allTrials, healthyFacts, now, type ToolName } from './healthy-facts.js';

const troublesOf = (facts: Partial<Facts>): readonly Finding[] =>
  findingsOf({ ...healthyFacts, ...facts }).filter(({ level }) => level !== 'ok');

const { machine, parameters, cluster } = healthyFacts;

const without = (name: ToolName): Partial<Facts> => ({
  tools: healthyFacts.tools.map(tool =>
    tool.name === name ? { name, version: { is: 'unread', why: 'no' }, isMissing: true } : tool,
  ),
});

const withVersion = (name: ToolName, value: string): Partial<Facts> => ({
  tools: healthyFacts.tools.map(tool => (tool.name === name ? { ...tool, version: { is: 'read', value } } : tool)),
});

/** Trials of which some fail, by their names. */
const failing = (...names: readonly string[]): Partial<Facts> => ({
  trials: {
    is: 'read',
    value: allTrials.map(trial =>
      names.includes(trial.name) ? { trial, exitCode: 1, said: 'No such thing.' } : { trial, exitCode: 0, said: '' },
    ),
  },
});

const withParameters = (values: Readonly<Record<string, string>>, areReadOnly = false): Partial<Facts> => ({
  parameters: { values: new Map([...parameters.values, ...Object.entries(values)]), areReadOnly },
});

const withoutParameter = (...names: readonly string[]): Partial<Facts> => ({
  parameters: { ...parameters, values: new Map([...parameters.values].filter(([name]) => !names.includes(name))) },
});

const running = (proxy: Partial<RunningProxy>, kubeProxyMode?: string): Partial<Facts> => ({
  proxies: [
    { name: 'kube-proxy', process: 12, consequence: 'it changes things.', words: [], manager: undefined, ...proxy },
  ],
  kubeProxyMode,
});

const rules = (more: object): Partial<Facts> => ({
  rules: { is: 'read', backend: 'nft', remarks: [], leftIn: [], leftovers: [], ...more },
});

const devices = (...value: readonly (readonly [name: string, type: string])[]): Partial<Facts> => ({
  devices: { is: 'read', value: value.map(([name, type]) => ({ name, type })) },
});

const inCluster = (more: Partial<Facts['cluster']>): Partial<Facts> => ({ cluster: { ...cluster, ...more } });

/** Answers in which some requests are not allowed, by verb and resource. */
const forbidden = (user: string, ...names: readonly string[]): Partial<Facts> =>
  inCluster({
    user: { is: 'read', value: user },
    access: {
      is: 'read',
      value:
        cluster.access.is === 'read'
          ? cluster.access.value.map(one => ({ ...one, isAllowed: !names.includes(`${one.verb} ${one.resource}`) }))
          : [],
    },
  });

const aheadBy = (seconds: number): Partial<Facts> =>
  inCluster({ server: { is: 'read', value: { version: 'v1.37.2', clockAhead: seconds * 1000 } } });

const space = (value: object, folder = '/run'): Partial<Facts> => {
  const room = { freeBytes: 2 ** 30, freeFiles: 100_000, isWritable: true, ...value };
  const folders: readonly FolderSpace[] = [{ folder, space: { is: 'read', value: room } }];
  return { folders };
};

const bind = 'kubectl create clusterrolebinding kproxy --clusterrole=system:node-proxier';
const kubectlUrl = 'https://dl.k8s.io/release/v1.37.2/bin/linux/amd64/kubectl';

type Case = readonly [name: string, facts: Partial<Facts>, level: 'advice' | 'problem', what: string, fix: string];

const cases: readonly Case[] = [
  // Permissions
  [
    'no root and no sudo',
    { machine: { ...machine, isRoot: false } },
    'problem',
    'permissions: this user is not root, and sudo is not used',
    'sudo kproxy doctor',
  ],
  ...(
    [
      ['asks', 'advice', 'sudo asks for a password', 'sudo kproxy doctor'],
      ['missing', 'problem', 'this user is not root, and sudo is not installed', 'su -c "apt-get install -y sudo"'],
      ['refused', 'problem', 'sudo does not let this user run the tools', 'su -c "kproxy doctor"'],
    ] as const
  ).map(
    ([sudo, level, what, fix]): Case => [
      `sudo: ${sudo}`,
      {
        machine: { ...machine, isRoot: false },
        permissions: { ...healthyFacts.permissions, sudo },
      },
      level,
      `permissions: ${what}`,
      fix,
    ],
  ),
  [
    'a container without NET_ADMIN',
    {
      machine: { ...machine, isContainer: true },
      permissions: { sudo: undefined, canAnswer: true, capabilities: { is: 'read', value: 0xa80425fbn } },
    },
    'problem',
    'permissions: root lacks the capability NET_ADMIN',
    'kubectl explain pod.spec.containers.securityContext.capabilities.add',
  ],
  [
    'a unit without capabilities',
    { permissions: { sudo: undefined, canAnswer: true, capabilities: { is: 'read', value: 0n } } },
    'problem',
    'permissions: root lacks the capabilities NET_ADMIN and NET_RAW',
    'systemd-run --pipe --wait kproxy doctor',
  ],
  // Tools
  ...(
    [
      ['ip', 'problem', 'iproute2', 'iproute'],
      ['ipset', 'problem', 'ipset', 'ipset'],
      ['iptables-save', 'problem', 'iptables', 'iptables-nft'],
      ['iptables-restore', 'problem', 'iptables', 'iptables-nft'],
      ['ip6tables-save', 'advice', 'iptables', 'iptables-nft'],
      ['ip6tables-restore', 'advice', 'iptables', 'iptables-nft'],
      ['ipvsadm', 'problem', 'ipvsadm', 'ipvsadm'],
      ['modprobe', 'advice', 'kmod', 'kmod'],
      ['conntrack', 'advice', 'conntrack', 'conntrack-tools'],
    ] as const
  ).flatMap(([tool, level, debian, fedora]): readonly Case[] => [
    [`${tool} missing`, without(tool), level, `tools: ${tool} is not installed`, `apt-get install -y ${debian}`],
    [
      `${tool} missing on Fedora, without root`,
      {
        ...without(tool),
        machine: { ...machine, system: 'fedora', isRoot: false },
        permissions: { ...healthyFacts.permissions, sudo: 'ready' },
      },
      level,
      `tools: ${tool} is not installed`,
      `sudo dnf install -y ${fedora}`,
    ],
  ]),
  [
    'an old ip',
    withVersion('ip', 'ip utility, iproute2-ss161212'),
    'problem',
    'tools: ip 161212 is too old',
    'apt-get install -y iproute2',
  ],
  [
    'iptables without a lock',
    withVersion('iptables-restore', 'iptables-restore v1.6.0'),
    'problem',
    'tools: iptables-restore 1.6.0 is too old',
    'apt-get install -y iptables',
  ],
  [
    'an early iptables-nft',
    withVersion('iptables-save', 'iptables-save v1.8.2 (nf_tables)'),
    'problem',
    'tools: iptables-save 1.8.2 is too old',
    'apt-get install -y iptables',
  ],
  // Kernel
  ...(
    [
      ['dummy devices', 'problem', 'dummy'],
      ['ip_vs with the scheduler rr', 'problem', 'ip_vs_rr'],
      ['conntrack for IPVS', 'problem', 'nf_conntrack'],
      ['scheduler mh', 'advice', 'ip_vs_mh'],
      ['SCTP', 'advice', 'ip_vs'],
      ['IPVS for IPv6', 'advice', 'ip_vs'],
      ['sets of type hash:ip,port', 'problem', 'ip_set_hash_ipport'],
      ['sets of type hash:ip,port,net', 'problem', 'ip_set_hash_ipportnet'],
      ['sets of type bitmap:port', 'problem', 'ip_set_bitmap_port'],
      ['the table nat', 'problem', 'nft_compat'],
      ['the match set', 'problem', 'xt_set'],
      ['the match comment', 'problem', 'xt_comment'],
      ['the match mark', 'problem', 'xt_mark'],
      ['the match physdev', 'problem', 'xt_physdev'],
      ['the match ipvs', 'problem', 'xt_ipvs'],
      ['the table nat of ip6tables', 'advice', 'nft_compat'],
    ] as const
  ).map(
    ([name, level, module]): Case => [
      `a kernel without ${name}`,
      failing(name),
      level,
      `kernel: the kernel does not have ${name}`,
      `modprobe -a ${module}`,
    ],
  ),
  ...(
    [
      ['debian', 'apt-get install -y linux-image-$(dpkg --print-architecture)'],
      ['ubuntu', 'apt-get install -y linux-modules-extra-$(uname -r)'],
      ['fedora', 'dnf install -y kernel-modules-$(uname -r) kernel-modules-extra-$(uname -r)'],
      ['other', 'find /lib/modules -name "ip_vs*" -o -name "ip_set*" -o -name "dummy*"'],
    ] as const
  ).map(
    ([system, fix]): Case => [
      `modules that are not on the disk of ${system}`,
      {
        ...failing('dummy devices'),
        machine: { ...machine, system },
        modules: { loaded: new Set(), available: new Set(['ip_vs_rr']) },
      },
      'problem',
      'kernel: the kernel does not have dummy devices',
      fix,
    ],
  ),
  [
    'modules that may not be loaded any more',
    { ...failing('dummy devices'), ...withParameters({ 'kernel/modules_disabled': '1' }) },
    'problem',
    'kernel: the kernel does not have dummy devices',
    `sh -c 'printf "%s\\\\n" dummy >/etc/modules-load.d/kproxy.conf'`,
  ],
  [
    'modules of the host, from a container',
    {
      ...failing('dummy devices'),
      machine: { ...machine, isContainer: true },
      modules: { loaded: new Set(), available: undefined },
    },
    'problem',
    'kernel: the kernel does not have dummy devices',
    'sudo modprobe -a dummy',
  ],
  [
    'a kernel that may not be tried',
    { trials: { is: 'unread', why: 'unshare: Operation not permitted' } },
    'advice',
    'kernel: what the kernel can do was not tried: unshare: Operation not permitted',
    'unshare --net true',
  ],
  // Rules
  [
    'rules in both back ends',
    {
      rules: {
        is: 'unread',
        code: 'two-iptables-backends',
        message: 'this node has iptables rules in both backends: nft 1, legacy 1',
        evidence: '',
      },
    },
    'problem',
    'iptables: this node has iptables rules in both backends: nft 1, legacy 1',
    `sh -c 'for p in iptables ip6tables; do for b in legacy nft; do echo "# $p-$b"; $p-$b-save | grep ^-A; done; done'`,
  ],
  [
    'rules in both back ends, of which the kubelet uses one',
    rules({ remarks: ['this node has iptables rules in both backends (nft 1, legacy 1)'] }),
    'advice',
    'iptables: this node has iptables rules in both backends (nft 1, legacy 1)',
    'sh -c "iptables-legacy-save; iptables-nft-save"',
  ],
  [
    "kproxy's rules in the other back end",
    rules({ leftIn: ['legacy'] }),
    'problem',
    'iptables: rules of kube-proxy or kproxy are left in the back end legacy',
    "sh -c 'for p in iptables ip6tables; do $p-legacy-save | grep -v KUBE- | $p-legacy-restore; done'",
  ],
  [
    'a table that only nft can show',
    {
      rules: {
        is: 'unread',
        code: 'table-unreadable',
        message: 'cannot read the IPv6 table nat: it has something that iptables cannot show',
        evidence: '',
      },
    },
    'problem',
    'iptables: cannot read the IPv6 table nat: it has something that iptables cannot show',
    'nft -a list table ip6 nat',
  ],
  [
    'rules that cannot be read',
    { rules: { is: 'unread', code: 'tool-failed', message: 'it failed', evidence: 'Permission denied' } },
    'problem',
    'iptables: the rules cannot be read: it failed',
    'iptables-save',
  ],
  // Parameters
  [
    'ip_forward off',
    withParameters({ 'net/ipv4/ip_forward': '0' }),
    'advice',
    'parameters: net.ipv4.ip_forward is 0',
    'sysctl -w net.ipv4.ip_forward=1',
  ],
  [
    'ip_forward off, and nothing can be set',
    withParameters({ 'net/ipv4/ip_forward': '0' }, true),
    'problem',
    'parameters: net.ipv4.ip_forward is 0, and /proc/sys is read-only here',
    'sysctl -w net.ipv4.ip_forward=1',
  ],
  [
    "IPVS's conntrack off",
    { ...withParameters({ 'net/ipv4/vs/conntrack': '0' }), ...devices(['kube-ipvs0', 'dummy']) },
    'advice',
    'parameters: net.ipv4.vs.conntrack is 0',
    'sysctl -w net.ipv4.vs.conntrack=1',
  ],
  [
    'IPv6 not forwarded',
    withParameters({ 'net/ipv6/conf/all/forwarding': '0' }),
    'advice',
    'parameters: net.ipv6.conf.all.forwarding is 0',
    'sysctl -w net.ipv6.conf.all.forwarding=1',
  ],
  [
    'no br_netfilter',
    withoutParameter('net/bridge/bridge-nf-call-iptables', 'net/bridge/bridge-nf-call-ip6tables'),
    'problem',
    'parameters: the module br_netfilter is not loaded, and this node has the bridge cni0',
    'sh -c "modprobe br_netfilter && ' +
      'sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1"',
  ],
  [
    'bridges whose packets pass no rules',
    { ...withParameters({ 'net/bridge/bridge-nf-call-iptables': '0' }), ...devices(['docker0', 'bridge']) },
    'advice',
    'parameters: net.bridge.bridge-nf-call-iptables is not 1',
    'sysctl -w net.bridge.bridge-nf-call-iptables=1',
  ],
  [
    'a full table of connections',
    withParameters({ 'net/netfilter/nf_conntrack_count': '950', 'net/netfilter/nf_conntrack_max': '1000' }),
    'problem',
    'parameters: conntrack has 950 of at most 1000 connections',
    'sysctl -w net.netfilter.nf_conntrack_max=2000',
  ],
  // IPv6
  [
    'IPv6 switched off',
    { ipv6Lacks: 'its kernel parameter net.ipv6.conf.all.disable_ipv6 is 1' },
    'advice',
    'IPv6: the node cannot serve IPv6: its kernel parameter net.ipv6.conf.all.disable_ipv6 is 1',
    'sysctl -w net.ipv6.conf.all.disable_ipv6=0',
  ],
  [
    'a kernel without IPv6',
    { ipv6Lacks: 'its kernel runs without IPv6 (/proc/net/if_inet6 is missing)' },
    'advice',
    'IPv6: the node cannot serve IPv6: its kernel runs without IPv6 (/proc/net/if_inet6 is missing)',
    `sh -c 'sed -i "s/ipv6.disable=1//" /etc/default/grub && update-grub'`,
  ],
  // Devices
  [
    'kube-ipvs0 of another type',
    devices(['kube-ipvs0', 'bridge']),
    'problem',
    'device: kube-ipvs0 is not a dummy device, but of type bridge',
    'ip link delete kube-ipvs0',
  ],
  [
    'devices that cannot be read',
    { devices: { is: 'unread', why: 'it failed' } },
    'problem',
    'device: the devices cannot be read: it failed',
    'ip -d -j addr show',
  ],
  // Other proxies
  [
    'kube-proxy as a process',
    running({}),
    'problem',
    'other proxies: kube-proxy runs on this node too (process 12)',
    'kill 12',
  ],
  [
    'kube-proxy as a unit',
    running({ manager: 'kube-proxy.service' }, 'iptables'),
    'problem',
    'other proxies: kube-proxy runs on this node too (process 12), in iptables mode',
    'systemctl disable --now kube-proxy.service',
  ],
  [
    'kube-proxy as a Pod',
    running({ manager: 'pod' }, 'ipvs'),
    'problem',
    'other proxies: kube-proxy runs on this node too (process 12), in ipvs mode',
    'kubectl label node worker-1 kproxy=yes && kubectl -n kube-system patch daemonset kube-proxy --type merge -p ' +
      `'{"spec":{"template":{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":` +
      `{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kproxy","operator":"DoesNotExist"}]}]}}}}}}}'`,
  ],
  [
    'kube-router with its service proxy',
    running({ name: 'kube-router', words: ['kube-router', '--run-service-proxy=true'] }),
    'problem',
    'other proxies: kube-router runs on this node too (process 12)',
    'kubectl -n kube-system get daemonset kube-router -o yaml | ' +
      'sed s/--run-service-proxy=true/--run-service-proxy=false/ | kubectl apply -f -',
  ],
  [
    'Cilium',
    devices(['cilium_host', 'veth']),
    'advice',
    'other proxies: Cilium connects the Pods of this node (device cilium_host)',
    'kubectl -n kube-system exec ds/cilium -- cilium-dbg status | grep KubeProxyReplacement',
  ],
  // Leftovers
  [
    'tables of the nftables mode',
    rules({ leftovers: [{ mode: 'nftables', tables: ['ip kube-proxy', 'ip6 kube-proxy'] }] }),
    'problem',
    "leftovers: kube-proxy's nftables mode has left the tables ip kube-proxy, ip6 kube-proxy",
    'nft "delete table ip kube-proxy; delete table ip6 kube-proxy"',
  ],
  [
    'rules that cannot be listed',
    rules({ leftovers: [{ mode: 'unlisted' }] }),
    'advice',
    'leftovers: nftables rules balance packets on this node, and the tool nft cannot list them',
    'apt-get install -y nftables',
  ],
  [
    'the device of kube-router',
    devices(['kube-dummy-if', 'dummy']),
    'problem',
    'leftovers: kube-router has left the device kube-dummy-if',
    'ip link delete kube-dummy-if',
  ],
  // Cluster
  [
    'an API server that does not answer',
    inCluster({ server: { is: 'unread', why: 'dial tcp: refused' } }),
    'problem',
    'cluster: the API server does not answer: dial tcp: refused',
    'kubectl cluster-info',
  ],
  [
    'an old kubectl',
    inCluster({ kubectl: { is: 'read', value: 'v1.20.5' } }),
    'advice',
    'kubectl: kubectl v1.20.5 is older than the API server v1.37.2 by more than one minor version',
    `sh -c 'curl -fsSLo /usr/local/bin/kubectl.new ${kubectlUrl} && chmod 755 /usr/local/bin/kubectl.new && ` +
      `mv /usr/local/bin/kubectl.new /usr/local/bin/kubectl'`,
  ],
  [
    'a Service that may not be listed',
    forbidden('system:serviceaccount:kube-system:kproxy', 'list services', 'watch services', 'watch nodes'),
    'problem',
    'access: these credentials may not list and watch services; watch nodes',
    `${bind} --serviceaccount=kube-system:kproxy`,
  ],
  [
    'Events that may not be written',
    forbidden("o'neil; rm -rf /", 'create events.events.k8s.io'),
    'advice',
    'access: these credentials may not create events.events.k8s.io',
    `${bind} '--user=o'\\''neil; rm -rf /'`,
  ],
  [
    'rights that the API server does not tell',
    inCluster({ access: { is: 'unread', why: 'it is forbidden' } }),
    'advice',
    'access: the API server does not tell what these credentials may do: it is forbidden',
    'kubectl auth can-i --list',
  ],
  [
    "a name that is almost a Node's",
    inCluster({
      node: {
        is: 'read',
        value: { name: 'worker-1.example.org', isKnown: false, known: { names: ['master', 'worker-1'], count: 2 } },
      },
    }),
    'problem',
    'node: the cluster has no Node named "worker-1.example.org": similar is worker-1',
    'kproxy doctor --node worker-1',
  ],
  [
    'Nodes that may not be read',
    inCluster({ node: { is: 'unread', why: 'it is forbidden' } }),
    'advice',
    'node: the Nodes cannot be read: it is forbidden',
    'kubectl get nodes',
  ],
  // Clock
  [
    'a clock that is a minute ahead',
    aheadBy(60),
    'advice',
    "clock: the clock is 60 s ahead of the API server's",
    'apt-get install -y chrony',
  ],
  [
    'a clock that is an hour behind',
    { ...aheadBy(-3600), machine: { ...machine, system: 'fedora' } },
    'problem',
    "clock: the clock is 3600 s behind the API server's",
    'sh -c "dnf install -y chrony && systemctl enable --now chronyd"',
  ],
  // Disk
  [
    'a full /run',
    space({ freeBytes: 0 }),
    'problem',
    'disk: /run is full',
    'mount -o remount,size=20%,nr_inodes=1m /run',
  ],
  [
    'a /tmp without inodes',
    space({ freeFiles: 0 }, '/tmp'),
    'problem',
    'disk: /tmp has no inodes left',
    'systemd-tmpfiles --clean',
  ],
  [
    'a /tmp that is nearly full',
    space({ freeBytes: 5 * 2 ** 20 }, '/tmp'),
    'advice',
    'disk: /tmp has only 5 MB left',
    'systemd-tmpfiles --clean',
  ],
  ['a read-only /run', space({ isWritable: false }), 'problem', 'disk: /run is read-only', 'mount -o remount,rw /run'],
];

describe('doctor', () => {
  test('has nothing to say about a node as it should be', () => {
    expect(troublesOf({})).toEqual([]);
    expect(new Set(findingsOf(healthyFacts).map(({ check }) => check)).size).toBe(15);
  });

  test.each(cases)('finds %s, alone, with the command that fixes it', (_, facts, level, what, fix) => {
    const found = troublesOf(facts);
    expect(found.map(finding => `${finding.check}: ${finding.what}`)).toEqual([what]);
    expect(found).toMatchObject([{ level, fix, why: expect.stringMatching(/\.$| The tool says: /) }]);
    // A shell understands it.
    expect(execFileSync('sh', ['-n', '-c', fix], { encoding: 'utf8' })).toBe('');
  });

  test('tells a missing kubectl once', () => {
    const none = { is: 'unread', why: 'no' } as const;
    const found = troublesOf(
      inCluster({ kubectl: none, isKubectlMissing: true, server: none, access: none, node: none }),
    );
    expect(found).toMatchObject([{ check: 'kubectl', level: 'problem', what: 'kubectl is not installed' }]);
  });

  test('tells a missing tool once, and not what was tried with it', () => {
    const trials: Facts['trials'] = {
      is: 'read',
      value: allTrials.map(trial => ({ trial, exitCode: trial.argv[0] === 'ipset' ? 127 : 0, said: '' })),
    };
    expect(troublesOf({ ...without('ipset'), trials })).toMatchObject([{ check: 'tools' }]);
  });

  test('does not blame a tool for a kernel that answers it nothing', () => {
    const tools = healthyFacts.tools.map(tool =>
      tool.name === 'ipvsadm'
        ? { ...tool, version: { is: 'unread', why: 'modprobe: FATAL: Module ip_vs not found in directory' } as const }
        : tool,
    );
    expect(troublesOf({ tools })).toEqual([]);
  });

  test('judges a kernel that may not be tried by its files', () => {
    const found = troublesOf({
      trials: { is: 'unread', why: 'it is not permitted' },
      modules: { loaded: new Set(['ip_vs']), available: new Set(['ip_vs_rr', 'dummy', 'ip_set_hash_ipport']) },
    });
    expect(found).toMatchObject([
      { level: 'problem', what: 'the kernel has no xt_set' },
      { level: 'advice', what: expect.stringContaining('was not tried') },
    ]);
  });

  test('takes a clock that was compared with nothing for wrong only if it is long past', () => {
    const noServer = inCluster({ server: { is: 'read', value: { version: 'v1.37.2', clockAhead: undefined } } });
    expect(troublesOf({ ...noServer, now })).toEqual([]);
    expect(troublesOf({ ...noServer, now: 0 })).toMatchObject([{ check: 'clock', level: 'problem' }]);
  });

  test.each<Partial<Facts>>([
    { machine: { ...machine, isRoot: false } },
    { permissions: { ...healthyFacts.permissions, sudo: 'missing' } },
    { permissions: { ...healthyFacts.permissions, sudo: 'asks', canAnswer: false } },
    { permissions: { ...healthyFacts.permissions, capabilities: { is: 'read', value: 0n } } },
  ])('tells missing rights once, and not what fails without them (%#)', facts => {
    const unread = { is: 'unread', code: 'tool-failed', message: 'it failed', evidence: 'Permission denied' } as const;
    expect(troublesOf({ ...facts, rules: unread })).toMatchObject([{ check: 'permissions' }]);
  });

  test('expects no parameters of IPVS before the first sync', () => {
    expect(troublesOf(withParameters({ 'net/ipv4/vs/conntrack': '0' }))).toEqual([]);
  });

  test('leaves other programs alone that get on with kproxy', () => {
    expect(troublesOf(running({ name: 'keepalived' }))).toEqual([]);
    expect(troublesOf(running({ name: 'kube-router', words: ['--run-service-proxy=false'] }))).toEqual([]);
  });
});
