import { describe, expect, test } from 'vitest';
import type { Datapath, RuleTable } from '../../src/node/datapath/datapath.js';
import { buildNetwork, startServers } from '../../src/sandbox/network/build-network.js';
import { tutorialTopology } from '../../src/sandbox/network/tutorial-topology.js';
import { nodeOf } from '../../src/snapshot/node-of.js';
import { parseSnapshot } from '../../src/snapshot/snapshot.js';
import { fixture } from '../support/run-sync.js';
import { output, useSandbox } from './support/guest.js';
import { kproxy } from './support/kproxy.js';

const node = 'inajob';

/** What Docker, a firewall and a VPN have on a node, and one packet that a rule counts. */
const foreign = `
ipset create lists list:set
ipset create blocked hash:net comment
ipset add blocked 203.0.113.0/24 comment hostile
ipset add blocked 203.0.113.7 nomatch
ipset add lists blocked
ipset create unused hash:ip
iptables -t nat -N DOCKER
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.2:80
iptables -P FORWARD DROP
iptables -N DOCKER-USER
iptables -I FORWARD -j DOCKER-USER
iptables -A DOCKER-USER -m set --match-set lists src -m comment --comment 'not "these"' -j DROP
iptables -t raw -A OUTPUT -d 10.244.1.3/32 -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN
ip6tables -t mangle -A FORWARD -p tcp -j MARK --set-mark 0x10
ip link set client-inajob type bridge_slave hairpin off
ip route add blackhole 10.99.0.0/16
ip route add 10.97.0.0/16 nexthop via 192.168.33.10 nexthop via 192.168.33.12
ip route add default via 192.168.33.10 table 100
ip rule add from 10.244.1.9 fwmark 0x10/0xff iif cni0 lookup 100 priority 100
ip -6 rule add not to fd00::/8 ipproto tcp prohibit priority 101
curl -s http://10.244.1.3:8080/
`;

const serves = [
  { protocol: 'tcp', port: 6443 },
  { protocol: 'udp', port: 53 },
  { protocol: 'sctp', port: 38412 },
] as const;

let datapath: Datapath | undefined;

useSandbox({}, async guest => {
  await buildNetwork(guest, tutorialTopology);
  await startServers(guest, [{ name: node, serves }]);
  const synced = await kproxy(guest, node, ['sync', '--from', fixture('tutorial.yaml'), '--node', node]);
  expect(synced).toMatchObject({ exitCode: 0 });
  await output(guest, ['sh', '-ec', foreign], { namespace: node });
  const { stdout, stderr } = await kproxy(guest, node, ['snapshot', '--node', node]);
  expect(stderr).toBe('');
  datapath = nodeOf(parseSnapshot(stdout, 'node.json')).datapath;
});

/** Returns a table as iptables-save prints it, without kproxy's chains, and those that accept all. */
const tableText = ({ family, name, chains }: RuleTable): readonly string[] =>
  chains
    .filter(chain => !chain.name.startsWith('KUBE-') && (chain.rules.length > 0 || chain.policy !== 'ACCEPT'))
    .flatMap(chain => [
      `${family} ${name} :${chain.name} ${chain.policy ?? '-'}`,
      ...chain.rules.map(({ argv }) => argv.join(' ')),
    ]);

describe('a snapshot has what decides about packets, of whatever software:', () => {
  test('rules of all tables with policies and counters', () => {
    const text = datapath?.tables.flatMap(tableText) ?? [];
    expect(text.filter(line => !line.includes('-j KUBE-'))).toEqual([
      'IPv4 raw :OUTPUT ACCEPT',
      '-d 10.244.1.3/32 -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
      'IPv4 filter :INPUT ACCEPT',
      'IPv4 filter :FORWARD DROP',
      '-j DOCKER-USER',
      'IPv4 filter :DOCKER-USER -',
      '-m set --match-set lists src -m comment --comment not "these" -j DROP',
      'IPv4 nat :PREROUTING ACCEPT',
      '-m addrtype --dst-type LOCAL -j DOCKER',
      'IPv4 nat :OUTPUT ACCEPT',
      'IPv4 nat :POSTROUTING ACCEPT',
      'IPv4 nat :DOCKER -',
      '! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.2:80',
      'IPv6 mangle :FORWARD ACCEPT',
      '-p tcp -j MARK --set-xmark 0x10/0xffffffff',
    ]);
    expect(text).toContain('-m comment --comment kubernetes service portals -j KUBE-SERVICES');
    const services = datapath?.tables.flatMap(({ chains }) => chains).find(({ name }) => name === 'KUBE-SERVICES');
    expect(services?.rules.map(({ argv }) => argv.join(' '))).toContain(
      '-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
    );
    const counted = datapath?.tables.find(({ name }) => name === 'raw')?.chains[1]?.rules;
    expect(counted).toMatchObject([{ packets: 1, bytes: 60 }]);
  });

  test('the sets that rules use, and those in their lists', () => {
    expect(datapath?.sets.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual([
      {
        name: 'blocked',
        type: 'hash:net',
        family: 'IPv4',
        entries: expect.toSatisfy(entries => entries.length === 2),
      },
      { name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port', family: 'IPv4', entries: [{ value: '10.254.10.128,tcp:80' }] },
      { name: 'KUBE-IPVS-IPS', type: 'hash:ip', family: 'IPv4', entries: [{ value: '10.254.10.128' }] },
      {
        name: 'KUBE-LOOP-BACK',
        type: 'hash:ip,port,ip',
        family: 'IPv4',
        entries: [{ value: '10.244.1.3,tcp:8080,10.244.1.3' }],
      },
      { name: 'lists', type: 'list:set', family: undefined, entries: [{ value: 'blocked' }] },
    ]);
    expect(new Set(datapath?.sets.find(({ name }) => name === 'blocked')?.entries)).toEqual(
      new Set([{ value: '203.0.113.0/24' }, { value: '203.0.113.7', isException: true }]),
    );
  });

  test('the virtual server with its real servers', () => {
    expect(datapath?.virtualServers).toMatchObject([
      {
        server: { protocol: 'TCP', address: '10.254.10.128', port: 80, scheduler: 'rr' },
        realServers: expect.toSatisfy(
          servers =>
            servers
              .map(({ real }: { real: { address: string } }) => real.address)
              .sort()
              .join() === '10.244.1.3,10.244.2.2',
        ),
      },
    ]);
  });

  test('devices with their addresses, and whether a port returns frames', () => {
    const links = datapath?.links.map(({ addresses, ...link }) => ({
      ...link,
      addresses: addresses
        .filter(({ scope }) => scope === 'global')
        .map(({ address, prefix }) => `${address}/${prefix}`),
    }));
    expect(links).toEqual([
      { name: 'lo', isUp: true, addresses: [] },
      { name: 'eth0', type: 'veth', isUp: true, addresses: ['192.168.33.11/24', 'fd00:192:168:33::11/64'] },
      { name: 'web-inajob', type: 'veth', master: 'cni0', isUp: true, isHairpin: true, addresses: [] },
      { name: 'client-inajob', type: 'veth', master: 'cni0', isUp: true, isHairpin: false, addresses: [] },
      { name: 'cni0', type: 'bridge', isUp: true, addresses: ['10.244.1.1/24', 'fd00:244:1::1/64'] },
      { name: 'kube-ipvs0', type: 'dummy', isUp: false, addresses: ['10.254.10.128/32'] },
    ]);
  });

  test('the routes of all tables, and the routing rules', () => {
    const routes = datapath?.routes.filter(({ family, table }) => family === 'IPv4' && table !== 'local');
    const main = { family: 'IPv4', table: 'main', type: 'unicast', metric: 0 };
    const via = (gateway: string) => ({ device: 'eth0', gateway });
    expect(routes).toEqual([
      { ...main, table: '100', destination: '0.0.0.0/0', hops: [via('192.168.33.10')] },
      { ...main, destination: '10.97.0.0/16', hops: [via('192.168.33.10'), via('192.168.33.12')] },
      { ...main, type: 'blackhole', destination: '10.99.0.0/16', hops: [] },
      { ...main, destination: '10.244.1.0/24', hops: [{ device: 'cni0' }], source: '10.244.1.1' },
      { ...main, destination: '10.244.2.0/24', hops: [via('192.168.33.12')] },
      { ...main, destination: '192.168.33.0/24', hops: [{ device: 'eth0' }], source: '192.168.33.11' },
    ]);
    const local = datapath?.routes.filter(({ table, type }) => table === 'local' && type === 'local');
    expect(local?.map(({ destination }) => destination).filter(text => !text.startsWith('fe80'))).toEqual([
      '10.244.1.1/32',
      '10.254.10.128/32',
      '127.0.0.0/8',
      '127.0.0.1/32',
      '192.168.33.11/32',
      '::1/128',
      'fd00:192:168:33::11/128',
      'fd00:244:1::1/128',
    ]);
    const lookup = (family: string, priority: number, table: string) => ({
      family,
      priority,
      action: { kind: 'lookup', table },
    });
    expect(datapath?.routingRules).toEqual([
      lookup('IPv4', 0, 'local'),
      lookup('IPv6', 0, 'local'),
      {
        ...lookup('IPv4', 100, '100'),
        source: '10.244.1.9/32',
        inputDevice: 'cni0',
        mark: { value: 0x10, mask: 0xff },
      },
      {
        family: 'IPv6',
        priority: 101,
        isInverted: true,
        destination: 'fd00::/8',
        action: { kind: 'refuse', type: 'prohibit' },
        protocol: 'tcp',
      },
      lookup('IPv4', 32766, 'main'),
      lookup('IPv6', 32766, 'main'),
      lookup('IPv4', 32767, 'default'),
    ]);
  });

  test('kernel parameters, and the ports on which the node listens', () => {
    expect(datapath?.sysctls).toMatchObject({
      'net/ipv4/ip_forward': '1',
      'net/ipv4/vs/conntrack': '1',
      'net/bridge/bridge-nf-call-iptables': '1',
      'net/ipv4/conf/all/rp_filter': '0',
      'net/ipv4/conf/cni0/rp_filter': '0',
      'net/ipv6/conf/eth0/forwarding': '1',
    });
    expect(Object.keys(datapath?.sysctls ?? {}).filter(name => name.includes('client-inajob'))).toEqual([]);
    const all = serves.flatMap(({ protocol, port }) =>
      ['0.0.0.0', '::'].map(address => `${protocol.toUpperCase()} ${address} ${port}`),
    );
    expect(datapath?.sockets?.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`).sort()).toEqual(
      all.sort(),
    );
  });

  test('and nothing is missing', () => {
    expect(datapath?.unread).toEqual([]);
  });
});
