import { describe, expect, test } from 'vitest';
import { readDatapath } from '../../../src/node/datapath/read-datapath.js';
import { readOnce } from '../../../src/node/read-once.js';
import { toolMissing } from '../../../src/run/tool-errors.js';
import { type FakeNode, fakeNode, freshKernel, parse } from '../../support/fake-node/index.js';

const refusal = (stderr: string) => ({ stdout: '', stderr, exitCode: 1 });
const printed = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 });

/** Returns a node with a set, a rule and a virtual server, and one file more or other than a fake node's. */
function nodeWith(lines: string, files: Readonly<Record<string, string | Error>> = {}): FakeNode {
  const kernel = freshKernel();
  parse(lines, kernel);
  const node = fakeNode(kernel);
  return {
    ...node,
    readFile: async path => {
      const file = files[path];
      if (file instanceof Error) throw file;
      return file ?? node.readFile(path);
    },
  };
}

const some = `
ipset create blocked hash:ip
ipset add blocked 203.0.113.66
ipset create other hash:ip
iptables -t filter -A INPUT -m set --match-set blocked src -j DROP
modprobe ip_vs
ipvsadm -A -t 10.96.0.1:80 -s rr
ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1
`;

const tcp = `  sl  local_address rem_address   st
   0: 00000000:1F90 00000000:0000 0A
`;

describe('reading a datapath', () => {
  test('finds what the kernel has', async () => {
    const datapath = await readDatapath(nodeWith(some, { '/proc/net/tcp': tcp }), 'default');
    expect(datapath.unread).toEqual([]);
    expect(datapath.sets).toEqual([
      { name: 'blocked', type: 'hash:ip', family: 'IPv4', entries: [{ value: '203.0.113.66' }] },
      { name: 'other', type: 'hash:ip', family: 'IPv4', entries: [] },
    ]);
    expect(datapath.virtualServers).toMatchObject([
      {
        server: { address: '10.96.0.1', port: 80 },
        realServers: [{ real: { address: '10.244.1.3' }, connections: { active: 0, inactive: 0 } }],
      },
    ]);
    const input = datapath.tables.find(({ family, name }) => family === 'IPv4' && name === 'filter')?.chains[0];
    expect(input?.rules).toEqual([
      { argv: ['-m', 'set', '--match-set', 'blocked', 'src', '-j', 'DROP'], packets: 0, bytes: 0 },
    ]);
    expect(datapath.sockets).toEqual([{ protocol: 'TCP', family: 'IPv4', address: '0.0.0.0', port: 8080 }]);
    expect(datapath.links.map(({ name }) => name)).toEqual(['lo', 'eth0']);
    expect(datapath.sysctls).toMatchObject({ 'net/ipv4/ip_forward': '0', 'net/ipv4/vs/conntrack': '0' });
  });

  test('uses the programs of the backend', async () => {
    const node = nodeWith(some, { '/proc/net/tcp': tcp });
    await readDatapath(node, 'legacy');
    const programs = node.commands.map(({ argv }) => argv[0]).filter(name => name?.endsWith('-save'));
    expect(programs).toEqual(['iptables-legacy-save', 'ip6tables-legacy-save']);
  });

  test('asks nothing about IPv6 if the kernel runs without it', async () => {
    const node = nodeWith(some, { '/proc/net/tcp': tcp });
    node.kernel.lacks.add('IPv6');
    const datapath = await readDatapath(node, 'default');
    expect(datapath.unread).toEqual([]);
    expect(new Set([...datapath.routes, ...datapath.routingRules].map(({ family }) => family))).toEqual(
      new Set(['IPv4']),
    );
    expect(node.commands.filter(({ argv }) => argv.includes('-6') || argv[0] === 'ip6tables-save')).toEqual([]);
  });

  test('twice starts each process once, if the node is read once', async () => {
    const node = nodeWith(some, { '/proc/net/tcp': tcp });
    const once = readOnce(node);
    const first = await readDatapath(once, 'default');
    const commands = node.commands.length;
    expect(await readDatapath(once, 'default')).toEqual(first);
    expect(node.commands).toHaveLength(commands);
  });
});

describe('what cannot be read is named, and the rest is read', () => {
  interface Failure {
    readonly what: string;
    readonly files?: Readonly<Record<string, string | Error>>;
    readonly broken?: Readonly<Record<string, ReturnType<typeof refusal> | ReturnType<typeof toolMissing>>>;
    readonly unread: readonly string[];
  }
  const failures: readonly Failure[] = [
    {
      what: 'a set',
      broken: {
        'ipset save other': refusal('ipset v7.1: settype hash:ip with revision 7 not supported by userspace.'),
        'ipset save blocked': printed('create blocked hash:ip family inet\nadd blocked 203.0.113.66\n'),
        'ipset save': refusal('ipset v7.1: settype hash:ip with revision 7 not supported by userspace.'),
      },
      unread: [
        'set other: cannot read the node: `ipset save other` failed with exit status 1 ' +
          '(ipset v7.1: settype hash:ip with revision 7 not supported by userspace.)',
      ],
    },
    {
      what: 'IPv6 rules without their programs',
      broken: { 'ip6tables-save': toolMissing('ip6tables-save') },
      unread: [`IPv6 rules: ${toolMissing('ip6tables-save').message}`],
    },
    {
      what: 'routing rules',
      broken: { 'ip -j -4 rule': refusal('Operation not supported') },
      unread: [
        "IPv4 routing rules, for which the kernel's own are assumed: cannot read the node: " +
          '`ip -j -4 rule show` failed with exit status 1 (Operation not supported)',
      ],
    },
    {
      what: 'sockets',
      files: { '/proc/net/tcp': new Error('EACCES: permission denied') },
      unread: ['sockets of this node: EACCES: permission denied'],
    },
    {
      what: 'a kernel parameter',
      files: { '/proc/sys/net/ipv4/conf/eth0/rp_filter': new Error('EACCES: permission denied') },
      unread: ['kernel parameter net/ipv4/conf/eth0/rp_filter: EACCES: permission denied'],
    },
    {
      what: 'tables of nft',
      files: { '/sys/module/nf_tables/refcnt': '7\n' },
      broken: {
        'nft list tables': printed('table ip nat\ntable inet firewalld\ntable arp filter\ntable ip kube-proxy\n'),
      },
      unread: ['rules of nft in the table inet firewalld', 'rules of nft in the table ip kube-proxy'],
    },
    {
      what: 'tables of nft without the tool',
      files: { '/sys/module/nf_tables/refcnt': '7\n' },
      broken: { 'nft list tables': toolMissing('nft') },
      unread: ['rules of nft that are not of iptables: the tool nft cannot list them'],
    },
    {
      what: 'a table that iptables-nft cannot show',
      broken: { 'iptables-save -c': printed("# Table `raw' is incompatible, use 'nft' tool.\n") },
      unread: ['the IPv4 table raw has rules that iptables cannot show'],
    },
    {
      what: 'rules of the legacy backend',
      broken: {
        'iptables-save -c': printed(
          '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n',
        ),
        'iptables-legacy-save -c': printed('*filter\n:INPUT ACCEPT [0:0]\n[0:0] -A INPUT -j DROP\nCOMMIT\n'),
      },
      unread: ['the IPv4 rules of iptables-legacy, which packets pass too'],
    },
    {
      what: 'no empty tables of the legacy backend',
      broken: {
        'iptables-save -c': printed(
          '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n',
        ),
        'iptables-legacy-save -c': printed('*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n'),
      },
      unread: [],
    },
    {
      what: 'virtual servers for marks',
      files: {
        '/proc/net/ip_vs': 'IP Virtual Server\nProt LocalAddress\n  -> RemoteAddress\nFWM  0000000A rr \n',
      },
      broken: { 'ipvsadm -L': printed('IP Virtual Server\nProt LocalAddress\n  -> RemoteAddress\nFWM  10 rr\n') },
      unread: ['virtual servers of IPVS for firewall marks'],
    },
  ];

  test.each(failures)('$what', async ({ files = {}, broken = {}, unread }) => {
    const node = nodeWith(some, { '/proc/net/tcp': tcp, ...files });
    for (const [command, result] of Object.entries(broken)) node.broken.set(command, result);
    const datapath = await readDatapath(node, 'default');
    expect(datapath.unread).toEqual(unread);
    expect(datapath.routes.length).toBeGreaterThan(0);
    expect(datapath.sets.map(({ name }) => name)).toContain('blocked');
    expect(datapath.routingRules.filter(({ family }) => family === 'IPv4')).toHaveLength(3);
  });

  test('kernel parameters of very many devices', async () => {
    const devices = Array.from({ length: 405 }, (_, index) => `ip link add v${index} type veth`);
    const node = nodeWith([some, ...devices].join('\n'), { '/proc/net/tcp': tcp });
    const { unread } = await readDatapath(node, 'default');
    expect(unread).toEqual(['kernel parameters of 7 devices, v398 and those after it']);
  });
});

describe('without a part that every verdict needs, nothing is read:', () => {
  test.each([
    ['rules', 'iptables-save', refusal('Permission denied'), 'tool-failed'],
    ['whole rules', 'iptables-save', printed('*filter\n:INPUT ACCEPT [0:0]\n'), 'output-not-understood'],
    ['sets', 'ipset', refusal('Operation not permitted'), 'tool-failed'],
    ['addresses', 'ip -d -j addr', printed(''), 'output-not-understood'],
    ['routes', 'ip -j -4 route', refusal('Cannot open netlink socket'), 'tool-failed'],
  ] as const)('%s', async (_, command, result, code) => {
    const node = nodeWith(some, { '/proc/net/tcp': tcp });
    node.broken.set(command, result);
    await expect(readDatapath(node, 'default')).rejects.toMatchObject({ code });
  });
});
