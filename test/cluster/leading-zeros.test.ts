import { describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import { ClusterStore } from '../../src/cluster/store.js';
import { endpoints, listOf, pod, service } from './objects-for-tests.js';

const read = (...objects: readonly object[]) => readClusterFiles(['-'], async () => JSON.stringify(listOf(...objects)));

const slice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['010.244.001.008'] }],
};
const node = (address: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  status: { addresses: [{ type: 'InternalIP', address }] },
});

describe('addresses with leading zeros are read as decimal and named', () => {
  test.each([
    [
      'a Service',
      service('web', {
        clusterIP: '010.000.000.010',
        externalIPs: ['10.1.1.01', '10.1.1.2'],
        loadBalancerSourceRanges: [' 010.0.0.0/08 '],
      }),
      [
        'Service default/web: spec.clusterIP: has leading zeros and is read as 10.0.0.10: "010.000.000.010"',
        'Service default/web: spec.externalIPs[0]: has leading zeros and is read as 10.1.1.1: "10.1.1.01"',
        'Service default/web: spec.loadBalancerSourceRanges[0]: has leading zeros and is read as 10.0.0.0/8: ' +
          '" 010.0.0.0/08 "',
      ],
      { clusterIP: '10.0.0.10', externalIPs: ['10.1.1.1', '10.1.1.2'], loadBalancerSourceRanges: ['10.0.0.0/8'] },
    ],
    [
      'an EndpointSlice',
      slice,
      [
        'EndpointSlice default/web-1: endpoints[0].addresses[0]: has leading zeros and is read as 10.244.1.8: ' +
          '"010.244.001.008"',
      ],
      { endpoints: [{ addresses: ['10.244.1.8'] }] },
    ],
    [
      'an Endpoints object',
      endpoints('web', [{ addresses: [{ ip: '10.0.0.09' }] }]),
      ['Endpoints default/web: subsets[0].addresses[0].ip: has leading zeros and is read as 10.0.0.9: "10.0.0.09"'],
      { subsets: [{ addresses: [{ ip: '10.0.0.9' }] }] },
    ],
    [
      'a Pod',
      pod('a', '10.0.0.010'),
      [
        'Pod default/a: status.podIP: has leading zeros and is read as 10.0.0.10: "10.0.0.010"',
        'Pod default/a: status.podIPs[0].ip: has leading zeros and is read as 10.0.0.10: "10.0.0.010"',
      ],
      { status: { podIP: '10.0.0.10', podIPs: [{ ip: '10.0.0.10' }] } },
    ],
    [
      'a Node',
      node('::ffff:010.0.0.1'),
      [
        'Node default/a: status.addresses[0].address: has leading zeros and is read as ::ffff:10.0.0.1: ' +
          '"::ffff:010.0.0.1"',
      ],
      { status: { addresses: [{ address: '::ffff:10.0.0.1' }] } },
    ],
  ])('%s', async (_, object, lines, expected) => {
    const { notes, invalid, services, endpointSlices, endpoints, pods, nodes } = await read(object);
    expect(invalid).toEqual([]);
    expect(notes).toEqual(lines.map(line => `stdin: ${line}`));
    const [found] = [...services, ...endpointSlices, ...endpoints, ...pods, ...nodes];
    expect('clusterIP' in expected ? { ...found, ...services[0]?.spec } : found).toMatchObject(expected);
  });

  test('but an object that cannot be used for another reason is invalid', async () => {
    const { notes, invalid } = await read(service('web', { clusterIP: '10.0.0.010', ports: [{ port: 0 }] }));
    expect(notes).toEqual([]);
    expect(invalid).toHaveLength(1);
  });

  test('also beside a part that is left out', async () => {
    const { notes, invalid, services } = await read(
      service('web', { clusterIP: '10.0.0.010', externalIPs: ['10.1', '010.1.1.1', '010.1.1.256'] }),
    );
    expect(notes).toHaveLength(2);
    expect(invalid).toMatchObject([{ isUsed: true, problems: { length: 2 } }]);
    expect(services[0]?.spec).toMatchObject({ clusterIP: '10.0.0.10', externalIPs: ['10.1.1.1'] });
  });

  test('a store names them as long as the object has them', () => {
    const store = new ClusterStore();
    const raw = (clusterIP: string, resourceVersion: string) => ({
      source: 'kubectl',
      value: service('web', { clusterIP }, { resourceVersion }),
    });
    store.put('Service', raw('10.0.0.010', '1'));
    store.list('Service', [raw('10.0.0.010', '1')]);
    expect(store.notes()).toEqual([
      'kubectl: Service default/web: spec.clusterIP: has leading zeros and is read as 10.0.0.10: "10.0.0.010"',
    ]);
    store.put('Service', raw('10.0.0.10', '2'));
    expect(store.notes()).toEqual([]);
  });
});
