import type { SysctlName } from '../../../proxy/host.js';
import { type Table, table } from '../../../table.js';
import type { Knowledge } from '../part.js';

/** What is known of a kernel parameter. `without` says what goes wrong if it has another value than it needs. */
export interface SysctlKnowledge extends Knowledge {
  /** What a value means for a packet: a whole sentence. Undefined for a value that is not known. */
  meaning(value: string): string | undefined;
}

/** Returns the meanings of a switch. */
const onOff =
  (on: string, off: string) =>
  (value: string): string =>
    value === '0' ? off : on;

const meanings =
  (known: Readonly<Record<string, string>>) =>
  (value: string): string | undefined =>
    Object.hasOwn(known, value) ? known[value] : undefined;

const everyNode = 'every node';
const strictArp = 'nodes with --ipvs-strict-arp, such as those with MetalLB in its ARP mode';
const affinity = 'Services with sessionAffinity ClientIP';

const defence = meanings({
  '0': 'IPVS never drops anything to save memory.',
  '1': 'IPVS begins to drop if memory is short, and it is not.',
  '2': 'Memory is short, and IPVS drops at random.',
  '3': 'IPVS always drops at random.',
});

/** Returns a meaning with the value in it. */
const counted =
  (text: (value: string) => string) =>
  (value: string): string | undefined =>
    /^\d+$/.test(value) ? text(value) : undefined;

/** The parameters that kproxy may set. `proxy/host.ts` has the packet that goes wrong without each. */
export const ownSysctls: Readonly<Record<SysctlName, Omit<SysctlKnowledge, 'without'>>> = {
  'net/ipv4/vs/conntrack': {
    purpose: 'Lets conntrack follow the connections that IPVS balances, so that rules can masquerade them.',
    neededBy: everyNode,
    meaning: onOff(
      'Rules see balanced connections, and can change their source.',
      'No rule can masquerade what IPVS balances: outside clients get no answer from backends on other nodes.',
    ),
  },
  'net/ipv4/vs/conn_reuse_mode': {
    purpose: 'Says what IPVS does with a new connection from a port that an old connection has used.',
    neededBy: 'nodes with a kernel from 4.1 to 5.8',
    meaning: meanings({
      '0': 'A new connection from a used port goes to the same backend as the old one.',
      '1': 'A new connection from a used port is balanced again, on kernels before 5.9 after a second.',
    }),
  },
  'net/ipv4/vs/expire_nodest_conn': {
    purpose: 'Says what IPVS does with packets of a connection whose backend is removed.',
    neededBy: 'every Service that loses a backend',
    meaning: onOff(
      'Packets of a connection to a removed backend end the connection, and the client connects again.',
      'Packets of a connection to a removed backend are dropped: the client waits until it gives up.',
    ),
  },
  'net/ipv4/vs/expire_quiescent_template': {
    purpose: 'Says whether a client with session affinity leaves a backend of weight 0.',
    neededBy: affinity,
    meaning: onOff(
      'A new connection of such a client goes to another backend.',
      'A new connection of such a client goes to the backend of weight 0, which is about to end.',
    ),
  },
  'net/ipv4/ip_forward': {
    purpose: 'Lets the node forward IPv4 packets between its devices.',
    neededBy: everyNode,
    meaning: onOff(
      'The node forwards packets, as far as the FORWARD rules allow it.',
      'The node forwards nothing: the answers of its Pods reach neither other nodes nor outside clients.',
    ),
  },
  'net/ipv4/conf/all/arp_ignore': {
    purpose: 'Says for which of its addresses the node answers ARP requests.',
    neededBy: strictArp,
    meaning: meanings({
      '0': 'The node answers for each of its addresses on each device, so for VIPs too.',
      '1': 'The node answers only for addresses of the device that the request came to, so not for VIPs.',
      '2': 'The node answers only for addresses of that device, to requests from the same network.',
    }),
  },
  'net/ipv4/conf/all/arp_announce': {
    purpose: 'Says which of its addresses the node uses as the source of its own ARP requests.',
    neededBy: strictArp,
    meaning: meanings({
      '0': 'The node may use a VIP, and others then learn that the VIP is here.',
      '1': 'The node avoids addresses of other networks, so most VIPs.',
      '2': 'The node uses the address of the device, never a VIP.',
    }),
  },
  'net/netfilter/nf_conntrack_max': {
    purpose: 'Limits how many connections the whole machine tracks, in all its network namespaces.',
    neededBy: everyNode,
    meaning: counted(value => `With ${value} tracked connections the table is full, and new ones are dropped.`),
  },
  'net/netfilter/nf_conntrack_buckets': {
    purpose: 'Says into how many lists the tracked connections of the whole machine are divided.',
    neededBy: 'nodes with many connections',
    meaning: counted(value => `A full table of four times ${value} connections has about eight entries in each list.`),
  },
  'net/netfilter/nf_conntrack_tcp_timeout_established': {
    purpose: 'Says how long an open TCP connection is tracked after its last packet.',
    neededBy: everyNode,
    meaning: counted(value => `An open connection without packets is forgotten after ${value} seconds.`),
  },
  'net/netfilter/nf_conntrack_tcp_timeout_close_wait': {
    purpose: 'Says how long a TCP connection that one side has closed is tracked after its last packet.',
    neededBy: 'Services whose clients or backends close their side first and go on to receive',
    meaning: counted(value => `A connection that one side has closed is forgotten after ${value} seconds.`),
  },
  'net/netfilter/nf_conntrack_tcp_be_liberal': {
    purpose: 'Says whether conntrack translates packets that are outside of the TCP window.',
    neededBy: 'nodes with conntrack.tcpBeLiberal',
    meaning: onOff(
      'Only resets outside of the TCP window count as invalid, and all other packets are translated.',
      'Packets outside of the TCP window count as invalid and are not translated.',
    ),
  },
  'net/netfilter/nf_conntrack_udp_timeout': {
    purpose: 'Says how long a UDP flow with packets in one direction only is tracked after its last packet.',
    neededBy: 'nodes with conntrack.udpTimeout',
    meaning: counted(value => `A UDP flow without an answer is forgotten after ${value} seconds.`),
  },
  'net/netfilter/nf_conntrack_udp_timeout_stream': {
    purpose: 'Says how long a UDP flow with packets in both directions is tracked after its last packet.',
    neededBy: 'nodes with conntrack.udpStreamTimeout',
    meaning: counted(value => `A UDP flow with answers is forgotten after ${value} seconds.`),
  },
};

const bridgeCalls = (program: string) => ({
  purpose: `Lets packets that a bridge passes from port to port go through the rules of ${program}.`,
  without:
    'Without it the answer of a Pod to a Pod on the same bridge goes past IPVS: it comes from the address of the ' +
    'backend, and the client drops it.',
  neededBy: 'nodes whose Pods are ports of a bridge',
  meaning: onOff(
    'Packets between Pods of one bridge go through the rules, and IPVS sees their answers.',
    'Packets between Pods of one bridge go past the rules and past IPVS.',
  ),
});

const ipv4Forwarding = {
  purpose: 'Lets the node forward IPv4 packets that arrive on this device. `net.ipv4.ip_forward` sets it for all.',
  without: 'Without it packets that arrive on the device and are for a Pod or another machine are dropped.',
  neededBy: 'devices through which Service packets or the answers of Pods arrive',
  meaning: onOff(
    'Packets that arrive on the device are forwarded.',
    'Packets that arrive on the device are not forwarded.',
  ),
};

/**
 * Parameters that kproxy never sets, and that decide what happens to a packet. `*` stands for a device, `all` or
 * `default`. Sources: the kernel's Documentation/networking/ip-sysctl.rst and ipvs-sysctl.rst.
 */
export const foreignSysctls: Table<SysctlKnowledge> = table({
  'net/ipv6/conf/all/forwarding': {
    purpose: 'Lets the node forward IPv6 packets between its devices. kproxy leaves it to the Pod network.',
    without: 'Without it the answers of Pods to IPv6 Service packets reach neither other nodes nor outside clients.',
    neededBy: 'nodes with IPv6 Pods',
    meaning: onOff('The node forwards IPv6 packets.', 'The node forwards no IPv6 packets.'),
  },
  'net/ipv6/conf/*/forwarding': {
    purpose:
      'Says whether this device treats the node as an IPv6 router. `net.ipv6.conf.all.forwarding` is what forwards.',
    without:
      'Without it the device may accept router advertisements, and its routes may change. Packets are forwarded all ' +
      'the same.',
    neededBy: 'nodes with IPv6 Pods',
    meaning: onOff('The node is a router on the device.', 'The node is a host on the device.'),
  },
  'net/bridge/bridge-nf-call-iptables': bridgeCalls('iptables'),
  'net/bridge/bridge-nf-call-ip6tables': bridgeCalls('ip6tables'),
  'net/ipv4/conf/*/forwarding': ipv4Forwarding,
  'net/ipv4/conf/*/rp_filter': {
    purpose:
      'Says whether a packet is dropped if an answer to its source would leave through another device. Of the values ' +
      'for `all` and for the device, the larger counts.',
    without:
      'With 1, packets of a client whose route leads elsewhere are dropped on arrival, before any rule can count them.',
    neededBy:
      'no Service: 0 or 2 is safe for all, and 1 only if every client is reached through the device it comes from',
    meaning: meanings({
      '0': 'No packet is dropped because of its source.',
      '1': 'Packets are dropped if an answer to their source would leave through another device.',
      '2': 'Packets are dropped only if there is no route to their source at all.',
    }),
  },
  'net/ipv4/conf/*/src_valid_mark': {
    purpose: "Says whether the check of a packet's source (rp_filter) looks its route up with the packet's mark.",
    without:
      'With 0, a packet whose answers take another way only through their mark, as those of WireGuard, is dropped on ' +
      'arrival if rp_filter is 1.',
    neededBy: 'no Service',
    meaning: onOff(
      "The check of a packet's source counts its mark.",
      "The check of a packet's source does not count its mark.",
    ),
  },
  'net/ipv4/conf/*/route_localnet': {
    purpose: 'Lets packets from or to 127.0.0.0/8 leave and enter the node. Services need it to be off.',
    without:
      'With 1, other machines of the network can reach what listens on 127.0.0.1 only (CVE-2020-8558). kproxy serves ' +
      'no node port on 127.0.0.1.',
    neededBy: 'no Service in IPVS mode',
    meaning: onOff(
      'The node routes packets to 127.0.0.0/8 as any others.',
      'Packets from or to 127.0.0.0/8 never pass a device other than lo.',
    ),
  },
  'net/ipv4/conf/*/accept_local': {
    purpose: 'Lets packets in whose source is an address of this node.',
    without:
      "Without it a packet of another node's process that kept the VIP as its source is dropped here, because this " +
      'node has the VIP too. That is why such packets are masqueraded.',
    neededBy: 'no Service',
    meaning: onOff(
      'Packets from one of the addresses of this node are accepted from outside.',
      'Packets that arrive from outside with an address of this node as their source are dropped.',
    ),
  },
  'net/ipv4/conf/*/arp_ignore': {
    ...ownSysctls['net/ipv4/conf/all/arp_ignore'],
    without:
      'Of the values for `all` and for the device, the larger counts. With 0 for both, the node answers ARP for VIPs ' +
      'on this device.',
  },
  'net/ipv4/conf/*/arp_announce': {
    ...ownSysctls['net/ipv4/conf/all/arp_announce'],
    without:
      'Of the values for `all` and for the device, the larger counts. With 0 for both, the node may announce VIPs on ' +
      'this device.',
  },
  'net/ipv4/vs/sloppy_tcp': {
    purpose: 'Lets IPVS begin a TCP connection with any packet, and not only with the first one.',
    without: 'With 0, a packet in the middle of a connection that IPVS does not know is not balanced.',
    neededBy: 'no Service',
    meaning: onOff('Any TCP packet begins a connection in IPVS.', 'Only a SYN begins a connection in IPVS.'),
  },
  'net/ipv4/vs/sloppy_sctp': {
    purpose: 'Lets IPVS begin an SCTP association with any packet, and not only with the first one.',
    without: 'With 0, a packet in the middle of an association that IPVS does not know is not balanced.',
    neededBy: 'no Service',
    meaning: onOff('Any SCTP packet begins an association in IPVS.', 'Only an INIT begins an association in IPVS.'),
  },
  'net/ipv4/vs/drop_packet': {
    purpose: 'Lets IPVS drop a part of the packets if memory is short.',
    without: 'With 3, IPVS always drops one packet in `net.ipv4.vs.am_droprate`, and clients see lost packets.',
    neededBy: 'no Service',
    meaning: defence,
  },
  'net/ipv4/vs/drop_entry': {
    purpose: 'Lets IPVS drop connections that are being opened if memory is short.',
    without: 'With 3, IPVS always drops some connections that are being opened, and clients try again.',
    neededBy: 'no Service',
    meaning: defence,
  },
  'net/ipv4/vs/secure_tcp': {
    purpose: 'Lets IPVS follow TCP connections more strictly if memory is short.',
    without: 'With 3, a connection counts as open only after all packets of its beginning.',
    neededBy: 'no Service',
    meaning: meanings({ '0': 'IPVS follows connections as usual.', '3': 'IPVS always follows connections strictly.' }),
  },
  'net/ipv4/vs/snat_reroute': {
    purpose: 'Lets the kernel route the answers of backends again after IPVS has given them the address of the VIP.',
    without:
      'Without it answers leave as the source before the change needs it, which matters with policy routing only.',
    neededBy: 'nodes with policy routing by source address',
    meaning: onOff(
      'Answers are routed by the address of the VIP.',
      'Answers are routed by the address of the backend.',
    ),
  },
  'net/ipv4/vs/nat_icmp_send': {
    purpose: 'Lets IPVS answer packets of a backend that belong to no connection with an ICMP error.',
    without: 'With 0, a backend that continues a connection which IPVS has forgotten gets no error from IPVS.',
    neededBy: 'no Service',
    meaning: onOff('The backend gets an ICMP error.', 'IPVS sends no error.'),
  },
});
