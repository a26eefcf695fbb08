import { describe, expect, test } from 'vitest';
import { parseLinks } from '../../../src/node/tools/ip-link-list.js';
import { parseRoutes } from '../../../src/node/tools/ip-route-list.js';
import { parseRoutingRules } from '../../../src/node/tools/ip-rule-list.js';

/** Everything below was recorded with iproute2 6.1 on Linux 6.1, and shortened. */
const links = `[
{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"addr_info":[
  {"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo","valid_life_time":4294967295}]},
{},
{"ifindex":3,"link_index":2,"ifname":"web-inajob","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"master":"cni0",
  "linkinfo":{"info_kind":"veth","info_slave_kind":"bridge","info_slave_data":
    {"state":"forwarding","hairpin":true,"hold_timer":0.00,"isolated":false}},"addr_info":[
  {"family":"inet6","local":"fe80::d808:1cff:fe03:c31c","prefixlen":64,"scope":"link","tentative":true}]},
{"ifname":"eth1","flags":["UP"],"master":"bond0","linkinfo":{"info_slave_kind":"bond","info_slave_data":
  {"state":"ACTIVE","mii_status":"UP"}},"addr_info":[]},
{"ifindex":6,"ifname":"dummy9","flags":["BROADCAST","NOARP"],"operstate":"DOWN","linkinfo":{"info_kind":"dummy"},
  "addr_info":[
  {"family":"inet","local":"172.31.0.1","prefixlen":24,"scope":"global","label":"dummy9"},
  {"family":"inet","local":"172.31.0.3","address":"172.31.9.9","prefixlen":32,"scope":"global","label":"dummy9"},
  {"family":"inet","local":"172.31.0.2","prefixlen":24,"scope":"global","secondary":true,"label":"dummy9"}]}]`;

describe('ip -d -j addr show', () => {
  test('all devices have their kind, their bridge and their addresses', () => {
    expect(parseLinks(links)).toEqual([
      { name: 'lo', isUp: true, addresses: [{ address: '127.0.0.1', prefix: 8, scope: 'host' }] },
      {
        name: 'web-inajob',
        type: 'veth',
        master: 'cni0',
        isUp: true,
        isHairpin: true,
        addresses: [{ address: 'fe80::d808:1cff:fe03:c31c', prefix: 64, scope: 'link' }],
      },
      { name: 'eth1', master: 'bond0', isUp: true, addresses: [] },
      {
        name: 'dummy9',
        type: 'dummy',
        isUp: false,
        addresses: [
          { address: '172.31.0.1', prefix: 24, scope: 'global' },
          { address: '172.31.0.3', prefix: 32, peer: '172.31.9.9', scope: 'global' },
          { address: '172.31.0.2', prefix: 24, scope: 'global', isSecondary: true },
        ],
      },
    ]);
  });

  test.each(['', '{}', '[{"ifname":"lo"}]', links.slice(0, 100)])('%j is refused', text => {
    expect(() => parseLinks(text)).toThrow();
  });
});

describe('ip -j route show table all', () => {
  const ipv4 = `[
{"dst":"10.96.0.0/16","gateway":"192.168.33.12","dev":"eth0","table":"100","prefsrc":"192.168.33.11","flags":[]},
{"dst":"default","gateway":"192.168.33.10","dev":"eth0","metric":50,"flags":["onlink"]},
{"dst":"10.97.0.0/16","nhid":7,"flags":[],"nexthops":[
  {"gateway":"192.168.33.12","dev":"eth0","weight":1,"flags":["linkdown"]},
  {"gateway":"192.168.33.10","dev":"eth0","weight":2,"flags":["dead","linkdown"]}]},
{"type":"unreachable","dst":"10.98.0.0/16","metric":50,"flags":[]},
{"dst":"10.55.0.0/16","via":{"family":"inet6","host":"fe80::12"},"dev":"eth0","flags":[]},
{"dst":"10.56.0.0/16","tos":"0x10","gateway":"192.168.33.12","dev":"eth0","flags":[]},
{"dst":"192.168.33.0/24","dev":"eth0","protocol":"kernel","scope":"link","prefsrc":"192.168.33.11","flags":[]},
{"type":"local","dst":"10.244.1.1","dev":"cni0","table":"local","protocol":"kernel","scope":"host",
  "prefsrc":"10.244.1.1","flags":[]}]`;
  const main = { family: 'IPv4', table: 'main', type: 'unicast', metric: 0 };

  test('IPv4 routes have networks in one form, and all their hops', () => {
    expect(parseRoutes(ipv4, 'IPv4')).toEqual({
      routes: [
        {
          ...main,
          table: '100',
          destination: '10.96.0.0/16',
          hops: [{ device: 'eth0', gateway: '192.168.33.12' }],
          source: '192.168.33.11',
        },
        {
          ...main,
          destination: '0.0.0.0/0',
          metric: 50,
          hops: [{ device: 'eth0', gateway: '192.168.33.10' }],
        },
        {
          ...main,
          destination: '10.97.0.0/16',
          hops: [
            { device: 'eth0', gateway: '192.168.33.12' },
            { device: 'eth0', gateway: '192.168.33.10', isDown: true },
          ],
        },
        { ...main, type: 'unreachable', destination: '10.98.0.0/16', metric: 50, hops: [] },
        { ...main, destination: '10.55.0.0/16', hops: [{ device: 'eth0', gateway: 'fe80::12' }] },
        { ...main, destination: '192.168.33.0/24', hops: [{ device: 'eth0' }], source: '192.168.33.11' },
        {
          ...main,
          table: 'local',
          type: 'local',
          destination: '10.244.1.1/32',
          hops: [{ device: 'cni0' }],
          source: '10.244.1.1',
        },
      ],
      leftOut: [],
    });
  });

  test('IPv6 routes for some sources are left out and named', () => {
    const text = `[
{"dst":"fd00:55::/64","from":"fd00:244:1::/64","gateway":"fd00::12","dev":"eth0","metric":1024,
  "flags":[],"pref":"medium"},
{"type":"blackhole","dst":"fd00:99::/64","dev":"lo","metric":1024,"flags":[],"pref":"medium"},
{"dst":"default","gateway":"fe80::1","dev":"eth0","metric":1024,"flags":[],"pref":"medium"},
{"type":"anycast","dst":"fd00:244:1::","dev":"cni0","table":"local","protocol":"kernel","metric":0,"flags":[]}]`;
    const route = { family: 'IPv6', table: 'main', type: 'unicast', metric: 1024 };
    expect(parseRoutes(text, 'IPv6')).toEqual({
      routes: [
        { ...route, type: 'blackhole', destination: 'fd00:99::/64', hops: [] },
        { ...route, destination: '::/0', hops: [{ device: 'eth0', gateway: 'fe80::1' }] },
        {
          ...route,
          table: 'local',
          type: 'anycast',
          destination: 'fd00:244:1::/128',
          metric: 0,
          hops: [{ device: 'cni0' }],
        },
      ],
      leftOut: ['the route to fd00:55::/64 is only for packets from fd00:244:1::/64'],
    });
  });

  test.each(['', '{"dst":"default"}', '[{"dev":"eth0"}]'])('%j is refused', text => {
    expect(() => parseRoutes(text, 'IPv4')).toThrow();
  });
});

describe('ip -j rule show', () => {
  const text = `[{"priority":0,"src":"all","table":"local"},
{"priority":100,"src":"10.244.0.0","srclen":16,"dst":"10.0.0.1","fwmark":"0x10","fwmask":"0xff",
  "iif":"cni0","table":"100"},
{"priority":101,"not":null,"src":"10.1.0.0","srclen":16,"oif":"eth0","table":"100"},
{"priority":102,"src":"all","fwmark":"0x7","action":"blackhole"},
{"priority":103,"src":"all","ipproto":"tcp","dport":80,"table":"100"},
{"priority":104,"src":"all","ipproto":"udp","sport_start":1,"sport_end":9,"uid_start":5,"uid_end":5,"table":"100"},
{"priority":105,"src":"all","table":"100","suppress_prefixlen":0},
{"priority":105,"src":"all","tos":"0x10","table":"100"},
{"priority":105,"src":"all","goto":99,"unresolved":null},
{"priority":106,"src":"10.1.1.0","srclen":24,"goto":32766},
{"priority":107,"src":"all","l3mdev":null},
{"priority":108,"src":"all","nop":null},
{"priority":109,"src":"all","iif":"gone","iif_detached":null,"table":"main","protocol":"static"},
{"priority":110,"src":"all","action":"masquerade","table":"main"}]`;

  test('the rules have their selectors, and name those that kproxy does not know', () => {
    const lookup = (priority: number, table: string) => ({
      family: 'IPv4',
      priority,
      action: { kind: 'lookup', table },
    });
    expect(parseRoutingRules(text, 'IPv4')).toEqual([
      lookup(0, 'local'),
      {
        ...lookup(100, '100'),
        source: '10.244.0.0/16',
        destination: '10.0.0.1/32',
        inputDevice: 'cni0',
        mark: { value: 16, mask: 255 },
      },
      { ...lookup(101, '100'), isInverted: true, source: '10.1.0.0/16', outputDevice: 'eth0' },
      {
        family: 'IPv4',
        priority: 102,
        mark: { value: 7, mask: 0xffffffff },
        action: { kind: 'refuse', type: 'blackhole' },
      },
      { ...lookup(103, '100'), protocol: 'tcp', destinationPorts: { first: 80, last: 80 } },
      {
        ...lookup(104, '100'),
        protocol: 'udp',
        sourcePorts: { first: 1, last: 9 },
        users: { first: 5, last: 5 },
      },
      { ...lookup(105, '100'), suppressedPrefix: 0 },
      { family: 'IPv4', priority: 106, source: '10.1.1.0/24', action: { kind: 'goto', priority: 32766 } },
      { ...lookup(107, 'unspec'), unknown: ['l3mdev'] },
      { ...lookup(109, 'main'), inputDevice: 'gone' },
      { ...lookup(110, 'unspec'), unknown: ['masquerade'] },
    ]);
  });

  test.each(['', '[{"src":"all"}]'])('%j is refused', broken => {
    expect(() => parseRoutingRules(broken, 'IPv4')).toThrow();
  });
});
