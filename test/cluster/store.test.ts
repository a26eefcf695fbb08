import { describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import type { ClusterKind } from '../../src/cluster/kinds.js';
import { ClusterStore, type ObjectChange } from '../../src/cluster/store.js';
import { service } from './objects-for-tests.js';

const raw = (value: object) => ({ source: 'test', value });
const clusterOf = (...objects: readonly object[]) => checkObjects(objects.map(raw)).cluster;
const slice = (name: string, owner: string, addresses: readonly string[] = [], metadata: object = {}) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': owner }, ...metadata },
  addressType: 'IPv4',
  endpoints: addresses.map(address => ({ addresses: [address] })),
});
const invalid = (name: string, more: object = {}) => service(name, { clusterIP: '10.0.0.300' }, more);

/** `+ web`, `~ web`, `- web`. */
const short = (changes: readonly ObjectChange[]): readonly string[] =>
  changes.map(({ before, after }) => {
    const sign = before === undefined ? '+' : after === undefined ? '-' : '~';
    return `${sign} ${(after ?? before)?.metadata.name}`;
  });
const names = (store: ClusterStore, kind: ClusterKind = 'Service') => [...store.objects(kind).keys()];
const invalidNames = (store: ClusterStore) => store.invalid().map(({ name }) => name);

describe('objects of single events', () => {
  test('are added, changed and removed, each change with before and after', () => {
    const store = new ClusterStore();
    const first = store.put('Service', raw(service('web')));
    const second = store.put('Service', raw(service('web', { clusterIP: '10.254.10.129' })));
    const third = store.remove('Service', raw(service('web')));
    expect([first, second, third].map(short)).toEqual([['+ web'], ['~ web'], ['- web']]);
    expect(second[0]?.before).toBe(first[0]?.after);
    expect(second[0]?.after).toMatchObject({ spec: { clusterIP: '10.254.10.129' } });
    expect(names(store)).toEqual([]);
  });

  test('with the same content are no change', () => {
    const store = new ClusterStore();
    store.put('Service', raw(service('web')));
    expect(store.put('Service', raw(service('web')))).toEqual([]);
  });

  test('with a known resourceVersion are not checked again', () => {
    const store = new ClusterStore();
    const versioned = (resourceVersion: string, spec: object = {}) => raw(service('web', spec, { resourceVersion }));
    store.put('Service', versioned('1'));
    expect(store.put('Service', versioned('1', { clusterIP: '10.254.10.129' }))).toEqual([]);
    expect(short(store.put('Service', versioned('2', { clusterIP: '10.254.10.129' })))).toEqual(['~ web']);
  });

  test('that are removed but not present are no change', () => {
    expect(new ClusterStore().remove('Service', raw(service('web')))).toEqual([]);
  });

  test('with one name in two namespaces, or of two kinds, are different', () => {
    const store = new ClusterStore();
    store.put('Service', raw(service('web')));
    store.put('Service', raw(service('web', {}, { namespace: 'other' })));
    store.put('EndpointSlice', raw(slice('web', 'web')));
    expect(names(store)).toEqual(['default/web', 'other/web']);
    store.remove('EndpointSlice', raw(slice('web', 'web')));
    expect(names(store)).toEqual(['default/web', 'other/web']);
  });

  test('may be Nodes, which have no namespace', () => {
    const store = new ClusterStore();
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } };
    expect(short(store.put('Node', raw(node)))).toEqual(['+ inajob']);
    expect(store.replaceAll(clusterOf(node))).toEqual([]);
    expect(short(store.remove('Node', raw(node)))).toEqual(['- inajob']);
  });
});

describe('an invalid object', () => {
  test('keeps its last valid version, and is listed as invalid', () => {
    const store = new ClusterStore();
    store.put('Service', raw(service('web')));
    expect(store.put('Service', raw(invalid('web')))).toEqual([]);
    expect(store.objects('Service').get('default/web')?.spec.clusterIP).toBe('10.254.10.128');
    expect(store.cluster().services).toHaveLength(1);
    expect(store.invalid()).toMatchObject([
      { kind: 'Service', name: 'web', problems: ['spec.clusterIP: is not an IP address: "10.0.0.300"'] },
    ]);
    expect(store.cluster().invalid).toEqual(store.invalid());
  });

  test('is listed once, with its latest problem', () => {
    const store = new ClusterStore();
    store.put('Service', raw(invalid('web')));
    store.put('Service', raw(service('web', { ports: [{ port: 0 }] })));
    expect(store.invalid()).toMatchObject([{ problems: [expect.stringContaining('spec.ports[0].port')] }]);
  });

  test.each([
    ['becomes valid', (store: ClusterStore) => store.put('Service', raw(service('web'))), ['+ web']],
    ['is removed', (store: ClusterStore) => store.remove('Service', raw(invalid('web'))), []],
    ['is no longer listed', (store: ClusterStore) => store.list('Service', [raw(service('api'))]), ['+ api']],
    ['is no longer read', (store: ClusterStore) => store.replaceAll(clusterOf(service('api'))), ['+ api']],
  ])('is no longer listed once it %s', (_, happens, changes) => {
    const store = new ClusterStore();
    store.put('Service', raw(invalid('web')));
    expect(short(happens(store))).toEqual(changes);
    expect(store.invalid()).toEqual([]);
  });

  test('is valid again in its last valid version, as in a restored cluster', () => {
    const store = new ClusterStore();
    store.put('Service', raw(service('web', {}, { resourceVersion: '1' })));
    store.put('Service', raw(invalid('web', { resourceVersion: '2' })));
    store.put('Service', raw(service('web', {}, { resourceVersion: '1' })));
    expect(store.invalid()).toEqual([]);
  });

  test('does not hide an object of another kind with the same name', () => {
    const store = new ClusterStore();
    store.put('Service', raw(invalid('web')));
    store.put('EndpointSlice', raw(slice('web', 'web')));
    store.list('EndpointSlice', []);
    expect(invalidNames(store)).toEqual(['web']);
  });
});

describe('a list', () => {
  test('replaces the objects of its kind only', () => {
    const store = new ClusterStore();
    store.put('EndpointSlice', raw(slice('web-1', 'web')));
    store.list('Service', [service('a'), service('b'), service('c')].map(raw));
    const changes = store.list('Service', [service('b'), service('c', { clusterIP: 'None' }), service('d')].map(raw));
    expect(short(changes)).toEqual(['- a', '~ c', '+ d']);
    expect(names(store)).toEqual(['default/b', 'default/c', 'default/d']);
    expect(names(store, 'EndpointSlice')).toEqual(['default/web-1']);
  });

  test('with an invalid object keeps that object as it was', () => {
    const store = new ClusterStore();
    store.list('Service', [service('a'), service('b')].map(raw));
    expect(short(store.list('Service', [raw(invalid('a'))]))).toEqual(['- b']);
    expect(names(store)).toEqual(['default/a']);
    expect(invalidNames(store)).toEqual(['a']);
  });

  test('that is empty removes all', () => {
    const store = new ClusterStore();
    store.list('Service', [service('a'), invalid('b')].map(raw));
    expect(short(store.list('Service', []))).toEqual(['- a']);
    expect(store.invalid()).toEqual([]);
  });
});

describe('a complete read', () => {
  test('replaces everything', () => {
    const store = new ClusterStore();
    store.replaceAll(clusterOf(service('a'), service('b'), slice('a-1', 'a')));
    const changes = store.replaceAll(clusterOf(service('b', { clusterIP: 'None' }), slice('b-1', 'b')));
    expect(short(changes)).toEqual(['- a', '~ b', '- a-1', '+ b-1']);
    expect(store.cluster()).toMatchObject({
      services: [{ metadata: { name: 'b' } }],
      endpointSlices: [{ metadata: { name: 'b-1' } }],
    });
  });

  test('with an invalid object keeps that object as it was', () => {
    const store = new ClusterStore();
    store.replaceAll(clusterOf(service('a'), service('b')));
    expect(short(store.replaceAll(clusterOf(invalid('a'))))).toEqual(['- b']);
    expect(names(store)).toEqual(['default/a']);
    expect(invalidNames(store)).toEqual(['a']);
  });
});

describe('the EndpointSlices of a Service', () => {
  const namesOf = (store: ClusterStore, owner: string) => store.slicesOf(owner).map(({ metadata }) => metadata.name);

  test('are found, whether read or put', () => {
    const store = new ClusterStore();
    store.replaceAll(clusterOf(slice('web-1', 'web'), slice('api-1', 'api')));
    store.put('EndpointSlice', raw(slice('web-2', 'web', ['10.0.0.1'])));
    store.put('EndpointSlice', raw(slice('web-3', 'web', [], { namespace: 'other' })));
    expect(namesOf(store, 'default/web')).toEqual(['web-1', 'web-2']);
    expect(namesOf(store, 'other/web')).toEqual(['web-3']);
    expect(namesOf(store, 'default/none')).toEqual([]);
  });

  test('are the latest versions', () => {
    const store = new ClusterStore();
    store.put('EndpointSlice', raw(slice('web-1', 'web', ['10.0.0.1'])));
    store.put('EndpointSlice', raw(slice('web-1', 'web', ['10.0.0.2'])));
    expect(store.slicesOf('default/web')).toMatchObject([{ endpoints: [{ addresses: ['10.0.0.2'] }] }]);
  });

  test('move to another Service with their label', () => {
    const store = new ClusterStore();
    store.put('EndpointSlice', raw(slice('s', 'web')));
    store.put('EndpointSlice', raw(slice('s', 'api')));
    expect([namesOf(store, 'default/web'), namesOf(store, 'default/api')]).toEqual([[], ['s']]);
    store.put('EndpointSlice', raw(slice('s', 'api', [], { labels: {} })));
    expect(namesOf(store, 'default/api')).toEqual([]);
  });

  test('are gone when they are removed or no longer listed', () => {
    const store = new ClusterStore();
    store.list('EndpointSlice', [slice('a', 'web'), slice('b', 'web')].map(raw));
    store.remove('EndpointSlice', raw(slice('a', 'web')));
    expect(namesOf(store, 'default/web')).toEqual(['b']);
    store.list('EndpointSlice', []);
    expect(namesOf(store, 'default/web')).toEqual([]);
  });

  test('keep their last valid version', () => {
    const store = new ClusterStore();
    store.put('EndpointSlice', raw(slice('a', 'web', ['10.0.0.1'])));
    store.put('EndpointSlice', raw({ ...slice('a', 'web', ['10.0.0.2']), addressType: 'IPv5' }));
    expect(store.slicesOf('default/web')).toMatchObject([{ endpoints: [{ addresses: ['10.0.0.1'] }] }]);
    expect(store.invalid()).toMatchObject([{ kind: 'EndpointSlice', service: 'web' }]);
  });
});
