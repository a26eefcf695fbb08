import fc from 'fast-check';
import { checkObjects } from '../../src/cluster/check.js';
import type { Cluster } from '../../src/cluster/cluster.js';

/*
 * Clusters with every feature of a Service and both families. They have few names, addresses and ports, so that
 * Services share them and claim the same.
 */
const host = fc.integer({ min: 1, max: 6 });
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');
const sometimes = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const few = <Value>(arbitrary: fc.Arbitrary<Value>, maxLength = 2) => fc.array(arbitrary, { maxLength });

const externalAddress = fc.oneof(
  host.map(number => `198.51.100.${number}`),
  host.map(number => `2001:db8:1::${number}`),
  fc.constant('10.10.0.11'),
  // No node can serve these.
  fc.constantFrom('224.0.0.1', 'ff0e::1'),
);
const sourceRange = fc.constantFrom(
  '203.0.113.0/24',
  ' 198.51.100.7/32',
  '10.10.0.5/24',
  '0.0.0.0/0',
  '2001:db8::/32',
  'fd00:10:10::11/128',
  '::/0',
);
const ingress = fc.oneof(
  fc.record({ ip: externalAddress, ipMode: fc.constantFrom('VIP', 'Proxy') }, { requiredKeys: ['ip'] }),
  fc.constant({ hostname: 'lb.example.com' }),
);

const clusterIps = fc.oneof(
  host.map(number => [`10.96.0.${number}`]),
  host.map(number => [`fd00:96::${number}`]),
  host.map(number => [`10.96.0.${number}`, `fd00:96::${number}`]),
  host.map(number => [`fd00:96::${number}`, `10.96.0.${number}`]),
  fc.constant(['None']),
);

const servicePort = fc.record({
  name: fc.constantFrom('http', 'dns', ''),
  protocol,
  port: fc.constantFrom(53, 80, 443),
  nodePort: fc.constantFrom(30080, 30053, 0),
});

const spec = fc.record({
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer'),
  clusterIPs: clusterIps,
  ports: fc.uniqueArray(servicePort, {
    minLength: 1,
    maxLength: 2,
    selector: port => `${port.name} ${port.port} ${port.protocol}`,
  }),
  externalIPs: sometimes(few(externalAddress)),
  externalTrafficPolicy: sometimes(fc.constantFrom('Cluster', 'Local')),
  internalTrafficPolicy: sometimes(fc.constantFrom('Cluster', 'Local')),
  sessionAffinity: sometimes(fc.constantFrom('None', 'ClientIP')),
  sessionAffinityConfig: sometimes(
    fc.record({ clientIP: fc.record({ timeoutSeconds: fc.constantFrom(1, 600, 86400) }) }),
  ),
  healthCheckNodePort: sometimes(fc.constantFrom(31000, 31001)),
  loadBalancerSourceRanges: sometimes(few(sourceRange, 3)),
});

const labels = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ 'service.kubernetes.io/service-proxy-name': 'other' }) },
);

const service = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    namespace: fc.constantFrom('default', 'other'),
    created: host,
    labels,
    spec,
    ingress: few(ingress),
  })
  .map(({ name, namespace, created, labels, spec, ingress }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels, creationTimestamp: `2026-01-01T00:00:0${created}Z` },
    spec: { ...spec, clusterIP: spec.clusterIPs[0] },
    status: { loadBalancer: { ingress } },
  }));

const nodeName = fc.constantFrom('node-a', 'node-b');
const endpointPorts = few(
  fc.record({ name: fc.constantFrom('http', 'dns', ''), protocol, port: fc.constantFrom(8080, 5353) }),
  3,
);

const sliceEndpoint = (address: fc.Arbitrary<string>) =>
  fc.record({
    addresses: address.map(text => [text]),
    conditions: fc.record(
      { ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() },
      { requiredKeys: [] },
    ),
    nodeName,
    hints: sometimes(
      fc.record({
        forZones: fc.constantFrom([{ name: 'zone-a' }], [{ name: 'zone-b' }]),
        forNodes: fc.constantFrom([], [{ name: 'node-a' }]),
      }),
    ),
  });

const slice = (addressType: 'IPv4' | 'IPv6', address: fc.Arbitrary<string>) =>
  fc
    .record({
      service: fc.constantFrom('a', 'b', 'c'),
      namespace: fc.constantFrom('default', 'other'),
      suffix: host,
      ports: endpointPorts,
      endpoints: few(sliceEndpoint(address), 3),
    })
    .map(({ service, namespace, suffix, ports, endpoints }) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${service}-${addressType.toLowerCase()}-${suffix}`,
        namespace,
        labels: { 'kubernetes.io/service-name': service },
      },
      addressType,
      ports,
      endpoints,
    }));

const podAddress = host.map(number => `10.244.1.${number}`);
const podAddress6 = host.map(number => `fd00:244:1::${number}`);

const endpointsObject = fc
  .record({
    name: fc.constantFrom('c', 'd'),
    namespace: fc.constantFrom('default', 'other'),
    ready: few(podAddress, 3),
    waiting: few(podAddress6, 1),
    nodeName,
    ports: endpointPorts,
  })
  .map(({ name, namespace, ready, waiting, nodeName, ports }) => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace },
    subsets: [
      {
        addresses: ready.map(ip => ({ ip, nodeName })),
        notReadyAddresses: waiting.map(ip => ({ ip, nodeName })),
        ports,
      },
    ],
  }));

const node = (name: string, zone: string, addresses: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  status: { addresses: addresses.map(address => ({ type: 'InternalIP', address })) },
});
const nodes = [node('node-a', 'zone-a', ['10.10.0.11', 'fd00:10:10::11']), node('node-b', 'zone-b', ['10.10.0.12'])];

/** @throws Error if the API server would refuse an object, because random clusters must be valid */
function validCluster(objects: readonly object[]): Cluster {
  const { cluster } = checkObjects(objects.map(value => ({ source: 'random', value })));
  if (cluster.invalid.length > 0) throw new Error(JSON.stringify(cluster.invalid));
  return cluster;
}

/** A valid cluster with up to five Services. If objects share a name, the last wins. */
export const randomCluster: fc.Arbitrary<Cluster> = fc
  .tuple(
    fc.array(service, { minLength: 1, maxLength: 5 }),
    few(slice('IPv4', podAddress), 3),
    few(slice('IPv6', podAddress6), 2),
    few(endpointsObject, 2),
    fc.boolean(),
  )
  .map(([services, slices, slices6, endpoints, hasNodes]) =>
    validCluster([...services, ...slices, ...slices6, ...endpoints, ...(hasNodes ? nodes : [])]),
  );
