import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actualState } from '../../../../src/node/actual-state.js';
import { readNode } from '../../../../src/node/read.js';
import { addForeignState } from '../../foreign-state.js';
import { parameters, situation } from '../../situation.js';
import { stateText } from '../../state-text.js';
import { edited, type FakeKernel, fakeNode, freshKernel, kernelOf, parse, print } from '../index.js';

const text = `modprobe ip_vs
sysctl net.ipv4.vs.conntrack=1
ip link add kube-ipvs0 type dummy
ip addr add 10.96.0.1/32 dev kube-ipvs0
ipset create KUBE-6-CLUSTER-IP hash:ip,port family inet6 maxelem 131072
ipset add KUBE-6-CLUSTER-IP fd00:96::1,tcp:80
ipset create KUBE-CLUSTER-IP hash:ip,port
ipset add KUBE-CLUSTER-IP 10.96.0.1,tcp:80
ipset add KUBE-CLUSTER-IP 10.96.0.9,udp:53
ipset create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
ipset add KUBE-NODE-PORT-TCP 30080
iptables -t filter -P FORWARD DROP
iptables -t nat -N KUBE-SERVICES
iptables -t nat -A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
iptables -t nat -A PREROUTING -m comment --comment "it\\'s \\"it\\"" -j KUBE-SERVICES
ip6tables -t mangle -P PREROUTING ACCEPT
other-iptables -t nat -N OLD
ipvsadm -A -t 10.96.0.1:80 -s rr -p 600
ipvsadm -a -t 10.96.0.1:80 -r 10.10.0.11:8080 -m -w 1 # Local
ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 0 # ActiveConn 2 InActConn 1
ipvsadm -A -u [fd00:96::9]:53 -s mh -b mh-port
conntrack -I -f ipv6 -p udp -d fd00:96::9 --dport 53 -r fd00:244:1::3
`;

test('a text that has a line of every program is printed as it was parsed', () => {
  expect(print(parse(text))).toBe(text);
});

/** Returns what reading a kernel finds, in no order. */
async function findingsOf(kernel: FakeKernel): Promise<readonly string[]> {
  const { state, connections, foreignRules } = actualState((await readNode(fakeNode(kernel))).findings);
  return [...stateText(state, foreignRules), ...Array.from(connections, pair => JSON.stringify(pair)).sort()];
}

test('for any state of a node, the printed text builds a kernel that prints and reads the same', () =>
  fc.assert(
    fc.asyncProperty(situation, fc.boolean(), async ([, , state], hasOthers) => {
      const kernel = freshKernel();
      if (hasOthers) addForeignState(kernel);
      const printed = print(kernelOf(state, kernel));
      expect(print(parse(printed))).toBe(printed);
      expect(await findingsOf(parse(printed))).toEqual(await findingsOf(kernel));
    }),
    parameters,
  ));

test('the lines of a kernel that are in another order are printed in the canonical one', () => {
  const lines = text.split('\n').filter(line => line !== '');
  const sets = lines.filter(line => line.startsWith('ipset create')).reverse();
  const entries = lines.filter(line => line.startsWith('ipset add')).reverse();
  const others = lines.filter(line => !line.startsWith('ipset'));
  expect(print(parse([...sets, ...entries, ...others].join('\n')))).toBe(text);
});

test('a fresh machine has an empty text, and another machine says how it differs', () => {
  expect(print(freshKernel())).toBe('');
  const other = print(freshKernel({ addresses: ['192.0.2.1/24', 'fd00:10:10::11/64'] }));
  expect(other).toBe('ip addr del 10.10.0.11/24 dev eth0\nip addr add 192.0.2.1/24 dev eth0\n');
  expect(print(parse(other))).toBe(other);
});

test('the lines of ipset save are understood as they are', () => {
  const saved = 'create A hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x86785a7e';
  expect(print(parse(`ipset ${saved}\nipset add A 10.0.0.1`))).toBe('ipset create A hash:ip\nipset add A 10.0.0.1\n');
});

test('only the lines of some programs are printed on demand', () => {
  expect(print(parse(text), 'modprobe', 'sysctl')).toBe('modprobe ip_vs\nsysctl net.ipv4.vs.conntrack=1\n');
});

describe('a text fails the test', () => {
  test.each([
    ['an unknown program', 'nft list ruleset'],
    ['an unknown module', 'modprobe ip_vs_rr'],
    ['a parameter without a value', 'sysctl net.ipv4.ip_forward'],
    ['an unknown word of ip', 'ip link set eth0 up'],
    ['an address of a missing device', 'ip addr add 10.96.0.1/32 dev kube-ipvs0'],
    ['an unknown type of set', 'ipset create A list:set'],
    ['an unknown option of a set', 'ipset create A hash:ip size 60'],
    ['an entry of a missing set', 'ipset add A 10.0.0.1'],
    ['an entry that the set does not hold', 'ipset create A hash:ip\nipset add A 10.0.0.1,tcp:80'],
    ['a rule in a missing chain', 'iptables -t nat -A NOWHERE -j ACCEPT'],
    ['a rule with an unknown target', 'iptables -t nat -A OUTPUT -j NOWHERE'],
    ['a rule about a missing set', 'iptables -t nat -A OUTPUT -m set --match-set A dst -j ACCEPT'],
    ['an unknown command of iptables', 'iptables -t nat -Z OUTPUT'],
    ['a real server of a missing virtual server', 'ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1'],
    ['an unknown option of ipvsadm', 'ipvsadm -A -t 10.0.0.1:80 -s rr -x'],
    [
      'an unknown detail of a real server',
      'ipvsadm -A -t 10.0.0.1:80 -s rr\nipvsadm -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m # Up',
    ],
    ['an unknown filter of conntrack', 'conntrack -I -p udp -d 10.96.0.9 --sport 53 -r 10.244.1.3'],
    ['an unknown command of conntrack', 'conntrack -D -p udp -d 10.96.0.9 --dport 53 -r 10.244.1.3'],
  ])('with %s', (_, line) => {
    expect(() => parse(line)).toThrow();
  });

  test('if an edit is about a line that it does not have', () => {
    expect(() => edited(text, { 'modprobe ip_set': '' })).toThrow('does not have this line exactly once');
  });
});
