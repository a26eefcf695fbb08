import { describe, expect, test } from 'vitest';
import { indexDatapath } from '../../../src/explain/datapath/datapath-index.js';
import { findRoute, type RouteQuery } from '../../../src/explain/datapath/routing.js';
import type { Datapath, Route, RoutingRule } from '../../../src/node/datapath/datapath.js';

const route = (destination: string, device: string, more: Partial<Route> = {}): Route => ({
  family: 'IPv4',
  table: 'main',
  type: 'unicast',
  destination,
  metric: 0,
  hops: [{ device }],
  ...more,
});

const lookup = (priority: number, table: string, more: Partial<RoutingRule> = {}): RoutingRule => ({
  family: 'IPv4',
  priority,
  action: { kind: 'lookup', table },
  ...more,
});

const usual = [lookup(0, 'local'), lookup(32766, 'main'), lookup(32767, 'default')];

const indexOf = (routes: readonly Route[], routingRules: readonly RoutingRule[] = usual) =>
  indexDatapath({
    tables: [],
    sets: [],
    virtualServers: [],
    links: [
      { name: 'eth0', isUp: true, addresses: [{ address: '192.0.2.2', prefix: 24, scope: 'global' }] },
      { name: 'eth1', isUp: true, addresses: [{ address: '198.51.100.2', prefix: 24, scope: 'global' }] },
    ],
    routes,
    routingRules,
    sysctls: {},
    sockets: undefined,
    unread: [],
  } satisfies Datapath);

describe('finding a route', () => {
  test('prefers the longest prefix, and then the lowest metric', () => {
    const node = indexOf([
      route('0.0.0.0/0', 'eth0'),
      route('10.0.0.0/8', 'eth0', { metric: 20 }),
      route('10.0.0.0/8', 'eth1', { metric: 10 }),
      route('10.1.0.0/16', 'eth0'),
    ]);
    expect(findRoute(node, { destination: '10.1.2.3' })).toMatchObject({ kind: 'unicast', device: 'eth0' });
    expect(findRoute(node, { destination: '10.2.2.3' })).toMatchObject({ kind: 'unicast', device: 'eth1' });
  });

  test('asks the table local first, whose addresses are the node itself', () => {
    const local = route('10.96.0.1/32', 'kube-ipvs0', { table: 'local', type: 'local' });
    const node = indexOf([route('10.96.0.0/12', 'eth0'), local]);
    expect(findRoute(node, { destination: '10.96.0.1' })).toMatchObject({ kind: 'local', source: '10.96.0.1' });
  });

  test('takes the source of the route, else the address of the device in the network of the gateway', () => {
    const node = indexOf([
      route('0.0.0.0/0', 'eth0', { hops: [{ device: 'eth0', gateway: '192.0.2.1' }] }),
      route('203.0.113.0/24', 'eth0', { source: '192.0.2.77' }),
      route('10.0.0.0/8', 'tunnel'),
    ]);
    expect(findRoute(node, { destination: '8.8.8.8' })).toMatchObject({ source: '192.0.2.2', gateway: '192.0.2.1' });
    expect(findRoute(node, { destination: '203.0.113.9' })).toMatchObject({ source: '192.0.2.77' });
    expect(findRoute(node, { destination: '10.0.0.9' })).toMatchObject({ source: '192.0.2.2' });
  });

  test('leaves out a hop that is down, and goes on to the next route if all are', () => {
    const node = indexOf([
      route('0.0.0.0/0', 'eth0'),
      route('10.0.0.0/8', 'eth1', { hops: [{ device: 'eth1', isDown: true }] }),
      route('10.1.0.0/16', 'eth1', { hops: [{ device: 'eth0', isDown: true }, { device: 'eth1' }] }),
    ]);
    expect(findRoute(node, { destination: '10.9.0.1' })).toMatchObject({ device: 'eth0' });
    expect(findRoute(node, { destination: '10.1.0.1' })).toMatchObject({ device: 'eth1' });
  });

  test('names the type of a route that leads nowhere', () => {
    const node = indexOf([route('10.0.0.0/8', '', { type: 'blackhole', hops: [] })]);
    expect(findRoute(node, { destination: '10.0.0.1' })).toEqual({ kind: 'none', type: 'blackhole' });
    expect(findRoute(node, { destination: '11.0.0.1' })).toEqual({ kind: 'none', type: 'none' });
  });

  test('goes on to the next rule after a throw, and if a table has no route', () => {
    const rules = [lookup(0, 'local'), lookup(100, '100'), lookup(32766, 'main')];
    const thrown = route('10.1.0.0/16', '', { table: '100', type: 'throw', hops: [] });
    const node = indexOf([route('0.0.0.0/0', 'eth0'), route('10.0.0.0/8', 'eth1', { table: '100' }), thrown], rules);
    expect(findRoute(node, { destination: '10.1.0.1' })).toMatchObject({ device: 'eth0' });
    expect(findRoute(node, { destination: '10.2.0.1' })).toMatchObject({ device: 'eth1' });
  });

  test.each([
    ['a source', { source: '10.244.0.0/16' }, { source: '10.244.1.9' }],
    ['a device', { inputDevice: 'cni0' }, { inputDevice: 'cni0' }],
    ['a mark', { mark: { value: 0x100, mask: 0xf00 } }, { mark: 0x4100 }],
    ['anything but a source', { isInverted: true, source: '10.0.0.0/8' }, { source: '192.0.2.9' }],
  ])('follows a rule for %s', (_, selector, query) => {
    const rules = [lookup(10, '10', selector), lookup(32766, 'main')];
    const node = indexOf([route('0.0.0.0/0', 'eth0'), route('0.0.0.0/0', 'eth1', { table: '10' })], rules);
    expect(findRoute(node, { destination: '8.8.8.8', ...query })).toMatchObject({ device: 'eth1' });
    const other = { source: '10.9.9.9', inputDevice: 'eth9', mark: 0x4000 };
    expect(findRoute(node, { destination: '8.8.8.8', ...other })).toMatchObject({ device: 'eth0' });
  });

  test('does not guess whether a rule with a selector fits that kproxy does not know', () => {
    const rules = [lookup(10, '10', { unknown: ['ipproto', 'tcp'] }), lookup(32766, 'main')];
    const node = indexOf([route('0.0.0.0/0', 'eth0'), route('10.0.0.0/8', 'eth1', { table: '10' })], rules);
    expect(findRoute(node, { destination: '10.0.0.1' })).toEqual({
      kind: 'unknown',
      why: 'the routing rule of priority 10 has ipproto tcp',
    });
    expect(findRoute(node, { destination: '8.8.8.8' })).toMatchObject({ device: 'eth0' });
  });

  test('lets a rule refuse', () => {
    const rules = [
      lookup(5, '5', { action: { kind: 'refuse', type: 'prohibit' }, destination: '10.0.0.0/8' }),
      ...usual,
    ];
    const node = indexOf([route('0.0.0.0/0', 'eth0')], rules);
    expect(findRoute(node, { destination: '10.0.0.1' })).toEqual({ kind: 'none', type: 'prohibit' });
  });
});

describe('routing rules of VPNs and policy routing', () => {
  const routes = [
    route('0.0.0.0/0', 'eth0'),
    route('10.1.0.0/16', 'eth0'),
    route('0.0.0.0/0', 'wg0', { table: '7' }),
    route('10.9.0.0/16', 'eth0', { table: '7' }),
  ];
  const deviceOf = (rules: readonly RoutingRule[], query: Partial<RouteQuery> = {}) => {
    const found = findRoute(indexOf(routes, [...rules, ...usual]), { destination: '10.2.0.1', ...query });
    return found.kind === 'unicast' ? found.device : found.kind;
  };
  const tcp = { protocol: 'TCP', destinationPort: 80 } as const;

  test('a suppressed prefix is as if the table had no route', () => {
    const rules = [lookup(1, 'main', { suppressedPrefix: 0 }), lookup(2, '7')];
    expect(deviceOf(rules)).toBe('wg0');
    expect(deviceOf(rules, { destination: '10.1.0.1' })).toBe('eth0');
  });

  test('a goto leaves out the rules between', () => {
    const goto = (more: Partial<RoutingRule>): RoutingRule => ({
      ...lookup(1, ''),
      ...more,
      action: { kind: 'goto', priority: 32766 },
    });
    expect(deviceOf([goto({ source: '10.3.0.0/16' }), lookup(2, '7')], { source: '10.3.0.1' })).toBe('eth0');
    expect(deviceOf([goto({ source: '10.3.0.0/16' }), lookup(2, '7')], { source: '10.4.0.1' })).toBe('wg0');
  });

  test.each([
    [{ protocol: 'tcp' }, tcp, 'wg0'],
    [{ protocol: '6' }, tcp, 'wg0'],
    [{ protocol: 'udp' }, tcp, 'eth0'],
    [{ protocol: 'tcp' }, {}, 'eth0'],
    [{ destinationPorts: { first: 80, last: 81 } }, tcp, 'wg0'],
    [{ destinationPorts: { first: 81, last: 90 } }, tcp, 'eth0'],
    [{ sourcePorts: { first: 22, last: 22 } }, tcp, 'eth0'],
    [{ sourcePorts: { first: 40_000, last: 40_000 } }, tcp, 'unknown'],
    [{ users: { first: 996, last: 996 } }, tcp, 'unknown'],
    [{ users: { first: 996, last: 996 } }, { ...tcp, inputDevice: 'eth0' }, 'eth0'],
    [{ users: { first: 0, last: 996 } }, { ...tcp, inputDevice: 'eth0' }, 'wg0'],
    [{ unknown: ['l3mdev'] }, tcp, 'unknown'],
    // Both ways lead through eth0.
    [{ unknown: ['l3mdev'] }, { destination: '10.9.0.1' }, 'eth0'],
  ] as const)('%j for %j leads to %s', (selectors, query, device) => {
    expect(deviceOf([lookup(1, '7', selectors)], query)).toBe(device);
  });
});
