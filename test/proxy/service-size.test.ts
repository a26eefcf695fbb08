import { describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import { unknownFacts } from '../../src/node/facts.js';
import { elementsOf } from '../../src/node/state.js';
import { ledgerOf } from '../../src/proxy/service-claims.js';
import { tutorialProxy } from '../support/run-sync.js';
import { serviceObject } from '../support/sample-objects.js';
import { raw, sliceObject } from '../sync/support/programmed-node.js';

const local = ['10.10.0.11', '10.10.0.12'];
const facts = {
  ...unknownFacts,
  localAddresses: local.map(address => ({ link: 'eth0', address, prefix: 24, scope: 'global' })),
};

function ledgerFor(objects: readonly object[], maxServiceElements: number) {
  const { cluster } = checkObjects(objects.map(raw));
  expect(cluster.invalid).toEqual([]);
  const ledger = ledgerOf(cluster, { ...tutorialProxy, maxServiceElements }, facts);
  const servers = elementsOf(ledger, 'virtual-server').map(({ address, port }) => `${address}:${port}`);
  let elements = 0;
  ledger.forEach(() => {
    elements += 1;
  });
  return { servers, elements, problems: [...ledger.problems().values()].flat() };
}

const portsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `p${index}`, port: first + index, nodePort: 30_000 + index }));
const addressesOf = (network: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${network}.${Math.floor(index / 250)}.${(index % 250) + 1}`);

describe('a Service that asks for more elements than the limit', () => {
  test('is served at its cluster IPs, then its node ports, load balancer addresses and external IPs', () => {
    const spec = { type: 'LoadBalancer', ports: portsFrom(80, 2), externalIPs: addressesOf('198.51', 3) };
    const web = {
      ...serviceObject('web', '10.96.0.1', spec),
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }, { ip: '203.0.113.2' }] } },
    };
    const atCluster = ['10.96.0.1:80', '10.96.0.1:81'];
    const atNodes = local.flatMap(address => [`${address}:30000`, `${address}:30001`]);
    const atBalancers = ['203.0.113.1:80', '203.0.113.2:80', '203.0.113.1:81', '203.0.113.2:81'];
    const served = (most: number) => ledgerFor([web], most).servers.sort();
    expect(served(12)).toEqual([...atCluster].sort());
    expect(served(36)).toEqual([...atCluster, ...atNodes].sort());
    expect(served(60)).toEqual([...atCluster, ...atNodes, ...atBalancers].sort());
    expect(served(96)).toHaveLength(16);
    expect(ledgerFor([web], 96).problems).toEqual([]);
  });

  test('is named with what is left out, and never has a virtual server without all of its real servers', () => {
    const web = serviceObject('web', '10.96.0.1', { ports: portsFrom(80, 1), externalIPs: addressesOf('198.51', 10) });
    const slice = { ...sliceObject('web', addressesOf('10.244', 20)), ports: [{ name: 'p0', port: 8080 }] };
    const { servers, problems } = ledgerFor([web, slice], 100);
    expect(servers).toEqual(['10.96.0.1:80', '198.51.0.1:80', '198.51.0.2:80']);
    expect(problems).toEqual([
      'Service default/web: asks for more than 100 elements of this node; 8 virtual servers are left out ' +
        '(--max-service-elements)',
    ]);
  });

  test('gets no more than the limit for a million virtual servers, and others are served', () => {
    const ports = portsFrom(1, 1_000).map(({ name, port }) => ({ name, port }));
    const hostile = serviceObject('hostile', '10.96.0.2', { ports, externalIPs: addressesOf('198.51', 1_000) });
    const { servers, elements } = ledgerFor([hostile, serviceObject('web', '10.96.0.1')], 20_000);
    expect(servers).toContain('10.96.0.1:80');
    expect(servers.filter(server => server.startsWith('10.96.0.2:'))).toHaveLength(1_000);
    expect(elements).toBeLessThanOrEqual(20_010);
  });

  test('leaves the same addresses out whatever the order of its endpoints is', () => {
    const web = serviceObject('web', '10.96.0.1', { ports: portsFrom(80, 3), externalIPs: addressesOf('198.51', 9) });
    const slice = (addresses: readonly string[]) => ({
      ...sliceObject('web', addresses),
      ports: [{ name: 'p0', port: 8080 }],
    });
    const addresses = addressesOf('10.244', 5);
    expect(ledgerFor([web, slice(addresses)], 120)).toEqual(ledgerFor([web, slice([...addresses].reverse())], 120));
  });
});
