import { describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import { serviceHealthPorts } from '../../src/health/service-health.js';
import { endpointSources } from '../../src/proxy/endpoint.js';

const loadBalancer = (name: string, port: number, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', ...metadata },
  spec: {
    type: 'LoadBalancer',
    clusterIP: '10.254.0.10',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: port,
    ports: [{ name: 'http', port: 80 }],
    ...spec,
  },
});

type Conditions = { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
const endpoint = (address: string, nodeName = 'inajob', conditions: Conditions = {}) => ({
  addresses: [address],
  nodeName,
  conditions,
});

const slice = (service: string, endpoints: readonly object[], parts: object = {}) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: `${service}-${JSON.stringify(parts).length}`,
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': service },
  },
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080 }],
  endpoints,
  ...parts,
});

function healthOf(...objects: readonly object[]) {
  const { cluster } = checkObjects(objects.map(value => ({ source: 'test', value })));
  expect(cluster.invalid).toEqual([]);
  const ports = serviceHealthPorts(cluster.services, endpointSources(cluster), 'inajob');
  return [...ports].map(
    ([port, { namespace, name, localEndpoints }]) => `${port} ${namespace}/${name} ${localEndpoints}`,
  );
}

describe('the health of Services', () => {
  test('counts ready endpoints on this node', () => {
    const endpoints = [
      endpoint('10.0.0.1'),
      endpoint('10.0.0.2'),
      endpoint('10.0.0.3', 'hakobune'),
      endpoint('10.0.0.4', 'inajob', { ready: false }),
      endpoint('10.0.0.5', 'inajob', { ready: false, serving: true, terminating: true }),
    ];
    expect(healthOf(loadBalancer('web', 31000), slice('web', endpoints))).toEqual(['31000 default/web 2']);
  });

  test('counts an address once if it has several ports', () => {
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'https', port: 8443 },
    ];
    const service = loadBalancer('web', 31000, {
      ports: [
        { name: 'http', port: 80 },
        { name: 'https', port: 443 },
      ],
    });
    expect(healthOf(service, slice('web', [endpoint('10.0.0.1')], { ports }))).toEqual(['31000 default/web 1']);
  });

  test('counts a Pod with two addresses once', () => {
    const service = loadBalancer('web', 31000, { clusterIPs: ['10.254.0.10', 'fd00::10'] });
    const four = slice('web', [endpoint('10.0.0.1'), endpoint('10.0.0.2')]);
    const six = slice('web', [endpoint('fd00:1::1'), endpoint('fd00:1::2')], { addressType: 'IPv6' });
    expect(healthOf(service, four, six)).toEqual(['31000 default/web 2']);
    expect(healthOf(service, six)).toEqual(['31000 default/web 2']);
  });

  test('is 0 without local endpoints', () => {
    expect(healthOf(loadBalancer('web', 31000))).toEqual(['31000 default/web 0']);
    expect(healthOf(loadBalancer('web', 31000), slice('web', [endpoint('10.0.0.1', 'hakobune')]))).toEqual([
      '31000 default/web 0',
    ]);
  });

  test.each([
    ['with the policy Cluster', loadBalancer('web', 31000, { externalTrafficPolicy: 'Cluster' })],
    ['of type NodePort', loadBalancer('web', 31000, { type: 'NodePort' })],
    ['without a health check node port', loadBalancer('web', 0)],
    [
      'for another proxy',
      loadBalancer('web', 31000, {}, { labels: { 'service.kubernetes.io/service-proxy-name': 'x' } }),
    ],
    ['that is headless', loadBalancer('web', 31000, { clusterIP: 'None' })],
  ])('has no port of a Service %s', (_, service) =>
    expect(healthOf(service, slice('web', [endpoint('10.0.0.1')]))).toEqual([]),
  );

  test('belongs to the older one if two Services have the same port', () => {
    const young = loadBalancer('a', 31000, {}, { creationTimestamp: '2026-11-26T08:00:00Z' });
    const old = loadBalancer('b', 31000, { clusterIP: '10.254.0.11' }, { creationTimestamp: '2026-11-25T08:00:00Z' });
    expect(healthOf(young, old)).toEqual(['31000 default/b 0']);
    expect(healthOf(old, young)).toEqual(['31000 default/b 0']);
  });
});
