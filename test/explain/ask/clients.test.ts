import { describe, expect, test } from 'vitest';
import { parseAsked } from '../../../src/explain/ask/asked.js';
import { clientsFor } from '../../../src/explain/ask/clients.js';
import { parseSource } from '../../../src/explain/ask/source.js';
import { targetsOf } from '../../../src/explain/ask/targets.js';
import type { World } from '../../../src/explain/ask/world.js';
import type { LocalDetection } from '../../../src/proxy/options.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { serviceObject } from '../../support/sample-objects.js';
import {
  datapathWith,
  link,
  nodeObject,
  placedEndpoints,
  route,
  workerDatapath,
  workerLinks,
  worldWith,
} from './support/world.js';

const web = serviceObject('web', '10.254.10.128', { externalIPs: ['198.51.100.1'] });
const endpoints = placedEndpoints('web', { '10.244.2.2': 'yuanying', '10.244.1.3': 'inajob' });

const clients = (world: World, target = '10.254.10.128:80', source?: string): readonly string[] => {
  const find = clientsFor(world, source === undefined ? undefined : parseSource(source), 'default');
  return targetsOf(parseAsked(target), world)
    .flatMap(find)
    .map(({ kind, label, address }) => `${kind} (${label}) ${address ?? '-'}`);
};

describe('one client of each kind', () => {
  test('at a cluster IP, with examples of addresses that nothing has', () => {
    expect(clients(worldWith([web, endpoints]))).toEqual([
      'pod (a Pod on this node) 10.244.1.250',
      'backend (a backend itself) 10.244.1.3',
      'node (this node) -',
      'outside (a machine outside) 192.168.33.250',
    ]);
  });

  test('at an external address a Pod elsewhere too', () => {
    expect(clients(worldWith([web, endpoints]), '198.51.100.1:80')).toEqual([
      'pod (a Pod on this node) 10.244.1.250',
      'pod elsewhere (a Pod elsewhere) 10.244.2.250',
      'backend (a backend itself) 10.244.1.3',
      'node (this node) -',
      'outside (a machine outside) 192.168.33.250',
    ]);
  });

  test('real Pods that are no backends of the target are preferred', () => {
    const others = placedEndpoints('db', { '10.244.1.9': 'inajob', '10.244.2.9': 'yuanying' });
    expect(clients(worldWith([web, endpoints, others]), '198.51.100.1:80').slice(0, 2)).toEqual([
      'pod (a Pod on this node) 10.244.1.9',
      'pod elsewhere (a Pod elsewhere) 10.244.2.9',
    ]);
  });

  test('a backend itself only if one is on this node', () => {
    const elsewhere = placedEndpoints('web', { '10.244.2.2': 'yuanying' });
    expect(clients(worldWith([web, elsewhere])).join()).not.toContain('backend');
  });

  test('a backend that only the node has is a backend too', () => {
    const server = { protocol: 'TCP', address: '10.254.10.128', port: 80 } as const;
    const real = {
      kind: 'real-server',
      server,
      address: '10.244.1.7',
      port: 8080,
      weight: 1,
      forwarding: 'masquerade',
    } as const;
    const virtual = { kind: 'virtual-server', ...server, scheduler: 'rr', flags: [], persistence: undefined } as const;
    const virtualServers = [{ server: virtual, realServers: [{ real, connections: { active: 0, inactive: 0 } }] }];
    const world = worldWith([web, placedEndpoints('other', { '10.244.1.7': 'inajob' })], {
      datapath: { ...workerDatapath, virtualServers },
    });
    expect(clients(world)).toContain('backend (a backend itself) 10.244.1.7');
  });

  test('Pods whose node no object names are found by the routes to them', () => {
    const unplaced = placedEndpoints('db', { '10.244.1.9': undefined, '10.244.2.9': undefined });
    const world = worldWith([web, endpoints, unplaced]);
    expect(clients(world, '198.51.100.1:80').slice(0, 2)).toEqual([
      'pod (a Pod on this node) 10.244.1.9',
      'pod elsewhere (a Pod elsewhere) 10.244.2.9',
    ]);
  });

  test('the Pod bridge is found without the network of the Pods, and is not that of Docker', () => {
    const links = [...workerLinks, link('docker0', 'bridge', '172.17.0.1/16')];
    const proxy = { ...tutorialProxy, clusterCidrs: {} };
    const world = worldWith([web], {
      proxy,
      datapath: datapathWith(links, [route('0.0.0.0/0', 'eth0', '192.168.33.1')]),
    });
    expect(clients(world)).toEqual([
      'pod (a Pod on this node) 10.244.1.250',
      'node (this node) -',
      'outside (a machine outside) 192.168.33.250',
    ]);
  });

  test.each<[LocalDetection, string]>([
    [{ by: 'InterfaceNamePrefix', prefix: 'eni' }, '10.244.1.250'],
    [{ by: 'NodeCIDR', networks: { IPv4: '10.244.1.0/24' } }, '10.244.1.250'],
    [{ by: 'BridgeInterface', name: 'eni1' }, '10.244.1.250'],
  ])('the Pods are found by the way of detecting local traffic, without a bridge: %j', (localDetection, pod) => {
    const links = [link('eth0', undefined, '192.168.33.11/24'), link('eni1', undefined, '10.244.1.1/24')];
    const datapath = datapathWith(links, [route('0.0.0.0/0', 'eth0', '192.168.33.1')]);
    const proxy = { ...tutorialProxy, clusterCidrs: {}, localDetection };
    expect(clients(worldWith([web], { proxy, datapath }))).toEqual([
      `pod (a Pod on this node) ${pod}`,
      'node (this node) -',
      'outside (a machine outside) 192.168.33.250',
    ]);
    const unknown = { ...proxy, localDetection: { by: 'ClusterCIDR' } as const };
    expect(clients(worldWith([web], { proxy: unknown, datapath })).join()).not.toContain('a Pod on this node');
  });

  test('a Pod with a route of its own is a client', () => {
    const links = [link('eth0', undefined, '10.128.0.5/32'), link('cali1', 'veth')];
    const datapath = datapathWith(links, [
      route('10.128.0.1/32', 'eth0'),
      route('0.0.0.0/0', 'eth0', '10.128.0.1'),
      route('10.244.1.7/32', 'cali1'),
    ]);
    expect(clients(worldWith([web], { datapath }))).toEqual([
      'pod (a Pod on this node) 10.244.1.7',
      'node (this node) -',
      // The device's network has no other machine, but the default route leads to all others.
      'outside (a machine outside) 203.0.113.250',
    ]);
  });

  test('no machine outside has the address of a Node or of a gateway', () => {
    const world = worldWith([web, nodeObject('inajob', '192.168.33.11'), nodeObject('other', '192.168.33.250')]);
    expect(clients(world)).toContain('outside (a machine outside) 192.168.33.249');
  });

  test('without a default route a machine outside is in the network of the first device that is not for Pods', () => {
    const world = worldWith([web, endpoints], { datapath: datapathWith(workerLinks, []) });
    expect(clients(world)).toContain('outside (a machine outside) 192.168.33.250');
  });

  test('a Pod that runs on this machine is a client though no object names it', () => {
    const namespaceAddresses = ['127.0.0.1', '192.168.33.11', '172.17.0.2', '10.244.1.3', '10.244.1.9', '10.244.2.9'];
    expect(clients(worldWith([web, endpoints], { namespaceAddresses }))[0]).toBe('pod (a Pod on this node) 10.244.1.9');
  });

  test('no Pod elsewhere at the cluster IP of a Service, whatever the port', () => {
    expect(clients(worldWith([web, endpoints]), '10.254.10.128:81').join()).not.toContain('elsewhere');
    expect(clients(worldWith([web, endpoints]), '10.254.10.129:81').join()).toContain('elsewhere');
  });

  test('clients without an address of the family are left out', () => {
    const dual = serviceObject('web', '10.254.10.128', { clusterIPs: ['10.254.10.128', 'fd00:254::1'] });
    expect(clients(worldWith([dual]), '[fd00:254::1]:80')).toEqual([]);
    const links = [link('eth0', undefined, 'fd00:192::11/64'), link('cni0', 'bridge', 'fd00:244:1::1/64')];
    expect(clients(worldWith([dual], { datapath: datapathWith(links, []) }), '[fd00:254::1]:80')).toEqual([
      'pod (a Pod on this node) fd00:244:1::fa',
      'node (this node) -',
      'outside (a machine outside) fd00:192::fa',
    ]);
  });
});

describe('--source chooses one client', () => {
  const pod = (name: string, ip: string, nodeName: string, spec: object = {}): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName, ...spec },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  });
  const pods = [
    pod('client', '10.244.1.9', 'inajob'),
    pod('far', '10.244.2.9', 'yuanying'),
    pod('host', '192.168.33.11', 'inajob', { hostNetwork: true }),
    { ...pod('new', '10.244.1.8', 'inajob'), status: { phase: 'Pending' } },
  ];
  const world = worldWith([web, endpoints, ...pods]);

  test.each([
    ['node', 'node (this node) -'],
    ['outside', 'outside (a machine outside) 192.168.33.250'],
    ['pod/client', 'pod (pod/client) 10.244.1.9'],
    ['pod/default/client', 'pod (pod/client) 10.244.1.9'],
    ['pod/far', 'pod elsewhere (pod/far) 10.244.2.9'],
    ['pod/host', 'node (pod/host) -'],
    // Known by the Endpoints object that refers to it.
    ['pod/web-10-244-1-3', 'backend (pod/web-10-244-1-3) 10.244.1.3'],
    ['10.244.1.9', 'pod (10.244.1.9) 10.244.1.9'],
    ['10.244.1.3', 'backend (10.244.1.3) 10.244.1.3'],
    ['10.244.2.9', 'pod elsewhere (10.244.2.9) 10.244.2.9'],
    // No object names these, but they are in the networks of Pods.
    ['10.244.1.77', 'pod (10.244.1.77) 10.244.1.77'],
    ['10.244.2.77', 'pod elsewhere (10.244.2.77) 10.244.2.77'],
    ['192.168.33.11', 'node (192.168.33.11) 192.168.33.11'],
    ['198.18.0.1', 'address (198.18.0.1) 198.18.0.1'],
  ])('%s', (source, line) => {
    expect(clients(world, '10.254.10.128:80', source)).toEqual([line]);
  });

  test('an address of the other family sends nothing to the target', () => {
    expect(clients(world, '10.254.10.128:80', 'fd00::9')).toEqual([]);
  });

  test.each([
    ['pod/cliemt', 'no Pod default/cliemt was read', 'Did you mean client?'],
    ['pod/other/client', 'no Pod other/client was read', ''],
  ])('%s is not there', (source, message, evidence) => {
    expect(() => clients(world, '10.254.10.128:80', source)).toThrow(
      expect.objectContaining({ code: 'pod-missing', message, evidence }),
    );
  });

  test('a Pod without an address is an error', () => {
    expect(() => clients(world, '10.254.10.128:80', 'pod/new')).toThrow(
      expect.objectContaining({ code: 'pod-missing', message: expect.stringContaining('default/new has no address') }),
    );
  });

  test('to its own address sends nothing through the node', () => {
    const found = clients(worldWith([web, endpoints]), '10.244.1.3:8080');
    expect(found.join('\n')).not.toContain('10.244.1.3');
    expect(() => clients(worldWith([web, endpoints]), '10.244.1.3:8080', '10.244.1.3')).toThrow(
      expect.objectContaining({ code: 'option-invalid', message: expect.stringContaining('is the target itself') }),
    );
  });

  test.each([
    'pod',
    'pod/',
    'pod/a/b/c',
    'client',
    '10.0.0',
    'pod/A',
    'node/x',
    '',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'ff02::1',
  ])('%j is no client', source => {
    expect(() => parseSource(source)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });
});
