import { describe, expect, test } from 'vitest';
import { parseAsked } from '../../../src/explain/ask/asked.js';
import { targetsOf } from '../../../src/explain/ask/targets.js';
import type { World } from '../../../src/explain/ask/world.js';
import type { Protocol } from '../../../src/net/protocol.js';
import type { VirtualServer } from '../../../src/node/element.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { serviceObject } from '../../support/sample-objects.js';
import { datapathWith, link, nodeObject, workerLinks, worldWith } from './support/world.js';

const rich = {
  ...serviceObject('web', '10.96.0.1', {
    type: 'LoadBalancer',
    ports: [
      { name: 'http', port: 80, nodePort: 30080 },
      { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30053 },
    ],
    externalIPs: ['198.51.100.1'],
  }),
  status: {
    loadBalancer: { ingress: [{ ip: '203.0.113.1' }, { ip: '203.0.113.2', ipMode: 'Proxy' }, { hostname: 'lb' }] },
  },
};

const asked = (text: string, world: World, protocol?: Protocol): readonly string[] =>
  targetsOf(parseAsked(text), world, protocol).map(
    ({ target: { address, port, servicePort, kind }, protocol: of }) =>
      `${of} ${address} ${port} ${kind} ${servicePort ?? '-'}`,
  );

const world = worldWith([rich]);

describe('a Service', () => {
  test('is asked about at each port and each of its addresses, with the first address of the node', () => {
    expect(asked('web', world)).toEqual([
      'TCP 10.96.0.1 80 cluster IP default/web:http',
      'TCP 198.51.100.1 80 external IP default/web:http',
      'TCP 203.0.113.1 80 load balancer default/web:http',
      'TCP 192.168.33.11 30080 node port default/web:http',
      'UDP 10.96.0.1 53 cluster IP default/web:dns',
      'UDP 198.51.100.1 53 external IP default/web:dns',
      'UDP 203.0.113.1 53 load balancer default/web:dns',
      'UDP 192.168.33.11 30053 node port default/web:dns',
    ]);
  });

  test.each(['web:80', 'web:http', 'default/web:http'])('%s is one port', text => {
    expect(asked(text, world).map(line => line.split(' ').at(-1))).toEqual(Array(4).fill('default/web:http'));
  });

  test('is asked about in one protocol if the user chose one', () => {
    expect(asked('web', world, 'UDP')).toHaveLength(4);
    expect(asked('web', world, 'UDP').every(line => line.startsWith('UDP'))).toBe(true);
  });

  test('has cluster IPs only in the tutorial profile', () => {
    expect(asked('web', { ...world, proxy: { ...tutorialProxy, profile: 'tutorial' } })).toEqual([
      'TCP 10.96.0.1 80 cluster IP default/web:http',
      'UDP 10.96.0.1 53 cluster IP default/web:dns',
    ]);
  });

  test('has the node port at the address by which the cluster knows the node', () => {
    const links = [...workerLinks.slice(0, 1), link('eth1', undefined, '10.0.2.15/24'), ...workerLinks.slice(1)];
    const place = (objects: readonly object[]) =>
      asked('web:http', worldWith([rich, ...objects], { datapath: datapathWith(links, []) })).at(-1);
    expect(place([])).toContain('10.0.2.15 30080');
    expect(place([nodeObject('inajob', '192.168.33.11')])).toContain('192.168.33.11 30080');
  });

  test('has targets in both families, and none in a family that the node cannot serve', () => {
    const dual = serviceObject('web', '10.96.0.1', { clusterIPs: ['10.96.0.1', 'fd00:96::1'] });
    expect(asked('web', worldWith([dual]))).toEqual([
      'TCP 10.96.0.1 80 cluster IP default/web',
      'TCP fd00:96::1 80 cluster IP default/web',
    ]);
    const unserved = [{ family: 'IPv6', reason: 'it has no IPv6', areRulesKnown: true }] as const;
    const { facts } = world;
    expect(asked('web', worldWith([dual], { facts: { ...facts, unserved } }))).toEqual([
      'TCP 10.96.0.1 80 cluster IP default/web',
    ]);
  });
});

describe('an address and port', () => {
  test.each([
    ['10.96.0.1:80', ['TCP 10.96.0.1 80 cluster IP default/web:http']],
    ['198.51.100.1:53', ['UDP 198.51.100.1 53 external IP default/web:dns']],
    ['203.0.113.1:80', ['TCP 203.0.113.1 80 load balancer default/web:http']],
    ['192.168.33.11:30080', ['TCP 192.168.33.11 30080 node port default/web:http']],
    // Node ports are served on every address of the node.
    ['10.244.1.1:30080', ['TCP 10.244.1.1 30080 node port default/web:http']],
    [':30053', ['UDP 192.168.33.11 30053 node port default/web:dns']],
    ['10.96.0.1:81', ['TCP 10.96.0.1 81 address -']],
    ['203.0.113.2:80', ['TCP 203.0.113.2 80 address -']],
    [':31000', ['TCP 192.168.33.11 31000 address -']],
  ])('%s', (text, lines) => {
    expect(asked(text, world)).toEqual(lines);
  });

  test('is asked about in the chosen protocol even if no Service port has it', () => {
    expect(asked('10.96.0.1:80', world, 'UDP')).toEqual(['UDP 10.96.0.1 80 address -']);
    expect(asked(':30053', world, 'TCP')).toEqual(['TCP 192.168.33.11 30053 address -']);
  });

  test('is asked about in the protocols of the virtual servers that no Service has', () => {
    const server = (protocol: Protocol): VirtualServer => ({
      kind: 'virtual-server',
      protocol,
      address: '10.0.0.9',
      port: 53,
      scheduler: 'rr',
      flags: [],
      persistence: undefined,
    });
    const virtualServers = (['UDP', 'SCTP'] as const).map(one => ({ server: server(one), realServers: [] }));
    const datapath = datapathWith(workerLinks, [], { virtualServers });
    expect(asked('10.0.0.9:53', worldWith([], { datapath }))).toEqual([
      'UDP 10.0.0.9 53 address -',
      'SCTP 10.0.0.9 53 address -',
    ]);
  });
});

describe('what the cluster does not have', () => {
  const shop = { ...serviceObject('web', '10.96.0.2'), metadata: { name: 'web', namespace: 'shop' } };
  const api = serviceObject('api-server', '10.96.0.3');

  test.each([
    ['shop/wep', 'there is no Service shop/wep', 'The namespace shop has web.'],
    ['default/web', 'there is no Service default/web', 'There is shop/web.'],
    ['api-servers', 'there is no Service default/api-servers', 'Did you mean default/api-server?'],
    ['db', 'there is no Service default/db', 'The namespace default has api-server.'],
    ['other/db', 'there is no Service other/db', 'The namespace other has no Services.'],
  ])('%s is an error that names what there is instead', (text, message, evidence) => {
    expect(() => asked(text, worldWith([shop, api]))).toThrow(
      expect.objectContaining({ code: 'service-missing', message, evidence }),
    );
  });

  test('a Service that is invalid is shown with its problem', () => {
    expect(() => asked('bad', worldWith([serviceObject('bad', 'x')]))).toThrow(
      expect.objectContaining({
        code: 'service-missing',
        message: 'the Service default/bad is invalid',
        evidence: expect.stringContaining('spec.clusterIP: is not an IP address'),
      }),
    );
  });

  test.each([
    [{ clusterIP: 'None' }, 'It is headless: clients connect to its Pods directly.'],
    [{ type: 'ExternalName', clusterIP: '' }, 'It has type ExternalName: DNS alone resolves it.'],
    [{ clusterIP: undefined }, 'Service default/web: spec.clusterIP: is missing, and nothing of the Service is served'],
  ])('a Service with %j is not served by nodes', (spec, evidence) => {
    expect(() => asked('web', worldWith([serviceObject('web', '10.96.0.1', spec)]))).toThrow(
      expect.objectContaining({
        code: 'service-missing',
        message: 'nodes do not serve the Service default/web',
        evidence,
      }),
    );
  });

  test.each([
    ['web:81', undefined, 'the Service default/web has no port 81'],
    ['web:https', undefined, 'the Service default/web has no port https'],
    ['web:80', 'UDP', 'the Service default/web has no port 80 of udp'],
    ['web', 'SCTP', 'the Service default/web has no sctp port'],
  ] as const)('%s in %s is no port of the Service', (text, protocol, message) => {
    expect(() => asked(text, world, protocol)).toThrow(
      expect.objectContaining({
        code: 'port-missing',
        message,
        evidence: 'It has 80/tcp (http), 53/udp (dns).',
      }),
    );
  });
});
