import type { DatapathServer } from '../../../../src/node/datapath/datapath.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';

const onNode = [
  'modprobe br_netfilter',
  'sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1',
  'sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1',
  'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0',
  'sysctl -qw net.ipv6.conf.default.accept_dad=0',
  // IPv4 without broadcasts of its own, and IPv6 without neighbor discovery: the rules count every packet.
  'iptables -t raw -A PREROUTING -p icmp -j DROP',
  'iptables -t raw -A OUTPUT -p icmp -j DROP',
  'ip6tables -t raw -A PREROUTING -p ipv6-icmp -j DROP',
  'ip6tables -t raw -A OUTPUT -p ipv6-icmp -j DROP',
  // A connection that is refused is gone before it can be looked at.
  'for chain in PREROUTING OUTPUT; do',
  'iptables -t raw -A $chain -p tcp --tcp-flags RST RST -j DROP',
  'ip6tables -t raw -A $chain -p tcp --tcp-flags RST RST -j DROP',
  'done',
];

/** `out0` swallows every packet. The clients are behind `in0` and behind two ports of the bridge `br0`. */
const devices = [
  'ip link add out0 type dummy',
  'ip link add kube-ipvs0 type dummy',
  'ip link add br0 type bridge',
  ...['out0', 'br0'].map(device => `ip link set ${device} up`),
  ...[
    { device: 'in0', client: 'c0' },
    { device: 'p0', client: 'c1' },
    { device: 'p1', client: 'c2' },
  ].flatMap(({ device, client }) => [
    `ip netns add ${client}`,
    `ip -n ${client} link set lo up`,
    `ip netns exec ${client} sysctl -qw net.ipv6.conf.default.accept_dad=0`,
    `ip link add ${device} type veth peer name eth0 netns ${client}`,
    `ip link set ${device} up`,
    `ip -n ${client} link set eth0 up`,
  ]),
  'ip link set p0 master br0',
  'ip link set p1 master br0',
];

const addresses = [
  'ip addr add 10.1.0.1/24 brd + dev in0',
  'ip addr add fd01::1/64 dev in0 nodad',
  'ip addr add 10.2.0.1/24 dev out0',
  'ip addr add fd02::1/64 dev out0 nodad',
  'ip addr add 10.3.0.1/24 dev br0',
  'ip addr add fd03::1/64 dev br0 nodad',
  'ip addr add 10.9.0.1/32 dev kube-ipvs0',
  ...[2, 7, 9].flatMap(number => [
    `ip -n c0 addr add 10.1.0.${number}/24 brd + dev eth0`,
    `ip -n c0 addr add fd01::${number}/64 dev eth0 nodad`,
  ]),
  'ip -n c0 route add default via 10.1.0.1',
  'ip -n c0 route add default via fd01::1',
  ...[1, 2].flatMap(number => [
    `ip -n c${number} addr add 10.3.0.${number + 1}/24 dev eth0`,
    `ip -n c${number} addr add fd03::${number + 1}/64 dev eth0 nodad`,
    `ip -n c${number} route add default via 10.3.0.1`,
    `ip -n c${number} route add default via fd03::1`,
  ]),
];

/** Fixed neighbors, because the rules drop what discovers them. */
const neighbors = [
  'mac() { cat "/sys/class/net/$1/address"; }',
  'far() { ip netns exec "$1" cat /sys/class/net/eth0/address; }',
  'ip -n c0 neigh replace fd01::1 lladdr $(mac in0) dev eth0',
  ...[2, 7, 9].map(number => `ip neigh replace fd01::${number} lladdr $(far c0) dev in0`),
  ...[1, 2].flatMap(number => [
    `ip -n c${number} neigh replace fd03::1 lladdr $(mac br0) dev eth0`,
    `ip neigh replace fd03::${number + 1} lladdr $(far c${number}) dev br0`,
    `ip -n c${number} neigh replace fd03::${4 - number} lladdr $(far c${3 - number}) dev eth0`,
  ]),
];

const virtualServer = [
  'modprobe ip_vs',
  'sysctl -qw net.ipv4.vs.conntrack=1',
  'ipvsadm -A -u 10.9.0.1:53 -s rr',
  'ipvsadm -a -u 10.9.0.1:53 -r 10.3.0.2:5353 -m',
];

/** Builds the node, its clients and a virtual server. */
export async function buildRulesNetwork(sandbox: Sandbox): Promise<void> {
  const script = ['set -e', ...onNode, ...devices, ...addresses, ...neighbors, ...virtualServer].join('\n');
  await output(sandbox, ['sh', '-c', script]);
}

/** The addresses of the node, by device. */
export const nodeAddresses: Readonly<Record<string, readonly string[]>> = {
  lo: ['127.0.0.1', '::1'],
  in0: ['10.1.0.1', 'fd01::1'],
  out0: ['10.2.0.1', 'fd02::1'],
  br0: ['10.3.0.1', 'fd03::1'],
  'kube-ipvs0': ['10.9.0.1'],
};

export const nodeServers: readonly DatapathServer[] = [
  {
    server: {
      kind: 'virtual-server',
      protocol: 'UDP',
      address: '10.9.0.1',
      port: 53,
      scheduler: 'rr',
      flags: [],
      persistence: undefined,
    },
    realServers: [
      {
        real: {
          kind: 'real-server',
          server: { protocol: 'UDP', address: '10.9.0.1', port: 53 },
          address: '10.3.0.2',
          port: 5353,
          weight: 1,
          forwarding: 'masquerade',
        },
        connections: { active: 0, inactive: 0 },
      },
    ],
  },
];
