import { expect, test } from 'vitest';
import { ClusterStore } from '../../src/cluster/store.js';
import { countWithoutLocalEndpoints } from '../../src/health/without-local-endpoints.js';
import { sourcesIn } from '../../src/sync/touched.js';
import { serviceObject } from '../support/sample-objects.js';
import { raw } from '../sync/support/programmed-node.js';

interface SampleEndpoint {
  readonly nodeName: string;
  readonly conditions?: object;
}

const local = { nodeName: 'here' };
const remote = { nodeName: 'elsewhere' };
const notReady = { ready: false, serving: false, terminating: false };
const terminating = { ready: false, serving: true, terminating: true };

const internalLocal = { internalTrafficPolicy: 'Local' };
const externalLocal = { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30_080 }] };

const slice = (addressType: string, address: string, endpoints: readonly SampleEndpoint[], port: object) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: `web-${addressType.toLowerCase()}`,
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': 'web' },
  },
  addressType,
  ports: [{ name: '', port: 8080, ...port }],
  endpoints: endpoints.map((endpoint, index) => ({ addresses: [`${address}${index + 1}`], ...endpoint })),
});

/** Counts for a Service with this specification, and with the same endpoints in both families. */
function count(spec: object, endpoints: readonly SampleEndpoint[]) {
  const store = new ClusterStore();
  store.put('Service', raw(serviceObject('web', '10.96.0.1', { clusterIPs: ['10.96.0.1', 'fd00:96::1'], ...spec })));
  store.put('EndpointSlice', raw(slice('IPv4', '10.244.0.', endpoints, {})));
  store.put('EndpointSlice', raw(slice('IPv6', 'fd00:244::', endpoints.slice(0, 1), {})));
  return countWithoutLocalEndpoints(store.objects('Service').values(), sourcesIn(store), 'here');
}

const counts = (internal: number, external: number) => ({ internal, external });

test.each([
  ['has no Local policy', {}, [remote], counts(0, 0)],
  ['is internally Local and has only remote endpoints', internalLocal, [remote], counts(1, 0)],
  ['is externally Local and has only remote endpoints', externalLocal, [remote], counts(0, 1)],
  ['is Local in both ways', { ...externalLocal, ...internalLocal }, [remote], counts(1, 1)],
  ['cannot be reached from outside', { externalTrafficPolicy: 'Local' }, [remote], counts(0, 0)],
  ['has a local endpoint', { ...externalLocal, ...internalLocal }, [local], counts(0, 0)],
  ['has a local endpoint that is terminating', internalLocal, [{ ...local, conditions: terminating }], counts(0, 0)],
  [
    'has only a remote endpoint that is terminating',
    internalLocal,
    [{ ...remote, conditions: terminating }],
    counts(1, 0),
  ],
  ['has no ready endpoint', internalLocal, [{ ...remote, conditions: notReady }], counts(0, 0)],
  ['has no endpoint', internalLocal, [], counts(0, 0)],
])('a Service counts as kube-proxy counts it if it %s', (_, spec, endpoints, expected) => {
  expect(count(spec, endpoints)).toEqual({ IPv4: expected, IPv6: expected });
});

test('each family counts by itself', () => {
  expect(count(internalLocal, [remote, local])).toEqual({ IPv4: counts(0, 0), IPv6: counts(1, 0) });
});

test('a Service with two such ports counts once', () => {
  const ports = [
    { name: 'http', port: 80, nodePort: 30_080 },
    { name: 'https', port: 443, nodePort: 30_443 },
  ];
  const store = new ClusterStore();
  store.put('Service', raw(serviceObject('web', '10.96.0.1', { ...externalLocal, ports })));
  for (const { name } of ports) {
    const object = slice('IPv4', '10.244.0.', [remote], { name });
    store.put('EndpointSlice', raw({ ...object, metadata: { ...object.metadata, name: `web-${name}` } }));
  }
  const found = countWithoutLocalEndpoints(store.objects('Service').values(), sourcesIn(store), 'here');
  expect(found).toEqual({ IPv4: counts(0, 1), IPv6: counts(0, 0) });
});
