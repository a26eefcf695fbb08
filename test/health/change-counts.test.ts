import { expect, test } from 'vitest';
import { ClusterStore, type ObjectChange } from '../../src/cluster/store.js';
import { changeCounts, proxierCounts, servedAndConcerned } from '../../src/health/change-counts.js';
import { families } from '../../src/net/address.js';
import { endpointsObject, serviceObject } from '../support/sample-objects.js';
import { raw, sliceObject } from '../sync/support/programmed-node.js';

type Kind = ObjectChange['kind'];

const added = (object: object): readonly ObjectChange[] =>
  new ClusterStore().put((object as { readonly kind: Kind }).kind, raw(object));
const removed = (object: object): readonly ObjectChange[] => {
  const kind = (object as { readonly kind: Kind }).kind;
  const store = new ClusterStore();
  store.put(kind, raw(object));
  return store.remove(kind, raw(object));
};

const ipv6Slice = { ...sliceObject('web', []), addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'] }] };
const hostNames = { ...sliceObject('web', []), addressType: 'FQDN', endpoints: [{ addresses: ['example.org'] }] };
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } };
const dualStack = { clusterIPs: ['10.96.0.1', 'fd00:96::1'] };

/** The changes, the families that they concern, and how often the two proxiers of kube-proxy count them. */
const cases: readonly (readonly [string, readonly ObjectChange[], readonly string[], number, number])[] = [
  ['a Service of one family', added(serviceObject('web', '10.96.0.1')), ['IPv4'], 2, 0],
  ['a removed Service of one family', removed(serviceObject('web', 'fd00:96::1')), ['IPv6'], 2, 0],
  ['a dual-stack Service', added(serviceObject('web', '10.96.0.1', dualStack)), ['IPv4', 'IPv6'], 2, 0],
  ['a headless Service', added(serviceObject('web', 'None')), [], 2, 0],
  ['an EndpointSlice', added(sliceObject('web', ['10.244.1.3'])), ['IPv4'], 0, 1],
  ['a removed EndpointSlice', removed(ipv6Slice), ['IPv6'], 0, 1],
  ['an EndpointSlice of host names', added(hostNames), [], 0, 0],
  ['an Endpoints object', added(endpointsObject('web', ['10.244.1.3', '10.244.1.4'])), ['IPv4'], 0, 1],
  ['an Endpoints object of both families', added(endpointsObject('web', ['10.1.1.1', 'fd00::1'])), [...families], 0, 2],
  ['an Endpoints object without addresses', added(endpointsObject('web', [])), [], 0, 0],
  ['a Node', added(node), ['IPv4', 'IPv6'], 0, 0],
  ['nothing', [], [], 0, 0],
];

test.each(cases)('%s is recorded as kube-proxy records it', (_, changes, concerned, services, endpoints) => {
  expect(servedAndConcerned(changes, families)).toEqual(concerned);
  expect(proxierCounts(changes, families)).toEqual({ services, endpoints });
});

test('a family that the node does not serve is not counted', () => {
  const changes = [...added(serviceObject('web', '10.96.0.1', dualStack)), ...added(ipv6Slice)];
  expect(servedAndConcerned(changes, ['IPv4'])).toEqual(['IPv4']);
  expect(proxierCounts(changes, ['IPv4'])).toEqual({ services: 1, endpoints: 0 });
});

test('changed objects are counted by kind', () => {
  const kinds = ['Service', 'EndpointSlice', 'Endpoints', 'Node', 'Service', 'Pod'] as const;
  const changes: ObjectChange[] = kinds.map(kind => ({ kind, before: undefined, after: undefined }));
  expect(changeCounts(changes)).toEqual({ services: 2, endpoints: 2 });
});
