import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkObjects } from '../../src/cluster/check.js';
import { invalidObjectLine } from '../../src/cluster/problems.js';
import { ClusterStore } from '../../src/cluster/store.js';
import { endpoints, service } from './objects-for-tests.js';

const raw = (value: object) => ({ source: 'stdin', value });
const check = (...objects: readonly object[]) => checkObjects(objects.map(raw)).cluster;
const slice = (fields: object) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ...fields,
});
const loadBalancer = (loadBalancerSourceRanges: readonly unknown[], ...ips: readonly string[]) => ({
  ...service('web', { type: 'LoadBalancer', loadBalancerSourceRanges }),
  status: { loadBalancer: { ingress: ips.map(ip => ({ ip })) } },
});

describe('an invalid part is left out and named, and the rest of its object is used', () => {
  test.each([
    [
      'an external IP',
      service('web', { externalIPs: ['198.51.100.1', '10.1', '198.51.100.2'] }),
      'Service default/web: spec.externalIPs[1]: is not an IP address: "10.1" (left out)',
      { spec: { externalIPs: ['198.51.100.1', '198.51.100.2'] } },
    ],
    [
      'a load balancer’s address',
      loadBalancer([], '198.51.100.300', '198.51.100.2'),
      'Service default/web: status.loadBalancer.ingress[0].ip: is not an IP address: "198.51.100.300" ' +
        '(status.loadBalancer.ingress[0] is left out)',
      { status: { loadBalancer: { ingress: [{ ip: '198.51.100.2' }] } } },
    ],
    [
      'a source range beside a valid one',
      loadBalancer(['10.0.0.0/33', '10.0.0.0/8'], '198.51.100.2'),
      'Service default/web: spec.loadBalancerSourceRanges[0]: is not a network in CIDR notation: "10.0.0.0/33" ' +
        '(left out)',
      {
        spec: { loadBalancerSourceRanges: ['10.0.0.0/8'] },
        status: { loadBalancer: { ingress: [{ ip: '198.51.100.2' }] } },
      },
    ],
    [
      'a slice’s port above 65535, which the API server accepts',
      slice({
        ports: [
          { name: 'a', port: 8080 },
          { name: 'b', port: 70000 },
          { name: 'c', port: -1 },
        ],
        endpoints: [],
      }),
      'EndpointSlice default/web-1: ports[1].port: is not a port number (0 to 65535): 70000 (ports[1] is left out); ' +
        'ports[2].port: is not a port number (0 to 65535): -1 (ports[2] is left out)',
      { ports: [{ name: 'a', port: 8080 }] },
    ],
    [
      'an endpoint with an address of the other family',
      slice({ endpoints: [{ addresses: ['fd00::1'] }, { addresses: ['10.0.0.1'] }, { addresses: [] }] }),
      'EndpointSlice default/web-1: endpoints[0].addresses[0]: is not an IPv4 address: "fd00::1" ' +
        '(endpoints[0] is left out); endpoints[2].addresses: is empty: [] (endpoints[2] is left out)',
      { endpoints: [{ addresses: ['10.0.0.1'] }] },
    ],
    [
      'an endpoint’s further address, which nothing uses',
      slice({ addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1', '::ffff:10.0.0.1'] }, { addresses: ['x'] }] }),
      'EndpointSlice default/web-1: endpoints[0].addresses[1]: is not an IPv6 address: "::ffff:10.0.0.1" ' +
        '(left out); endpoints[1].addresses[0]: is not an IPv6 address: "x" (endpoints[1] is left out)',
      { endpoints: [{ addresses: ['fd00::1'] }] },
    ],
    [
      'an address and a port of an Endpoints object',
      endpoints('web', [{ addresses: [{ ip: 'web' }, { ip: '10.0.0.1' }], ports: [{ port: 'x' }, { port: 80 }] }]),
      'Endpoints default/web: subsets[0].addresses[0].ip: is not an IP address: "web" (subsets[0].addresses[0] is ' +
        'left out); subsets[0].ports[0].port: is not a port number (0 to 65535): "x" (subsets[0].ports[0] is left out)',
      { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] },
    ],
  ])('%s', (_, object, line, expected) => {
    const before = structuredClone(object);
    const { invalid, services, endpointSlices, endpoints: objects } = check(object);
    expect(invalid.map(invalidObjectLine)).toEqual([`stdin: ${line}`]);
    expect(invalid.map(({ isUsed }) => isUsed)).toEqual([true]);
    expect([...services, ...endpointSlices, ...objects]).toMatchObject([expected]);
    expect(object).toEqual(before);
  });

  test('but an object with another fault is not used at all', () => {
    const { invalid, services } = check(service('web', { externalIPs: ['10.1'], ports: [{ port: 0 }] }));
    expect(services).toEqual([]);
    expect(invalid).toMatchObject([{ isUsed: false, problems: { length: 2 } }]);
  });

  test('nor is one whose rest turns out to be invalid', () => {
    const { invalid, services } = check(
      service('web', { externalIPs: ['10.1'], clusterIPs: ['10.254.10.128', '10.254.10.129'] }),
    );
    expect(services).toEqual([]);
    expect(invalid.flatMap(({ problems }) => problems)).toEqual([
      'spec.externalIPs[0]: is not an IP address: "10.1"',
      'spec.clusterIPs[1]: is a second IPv4 address: "10.254.10.129"',
    ]);
  });

  test('of very many only the first are named', () => {
    const externalIPs = Array.from({ length: 20_000 }, (_, index) => (index % 2 === 0 ? `10.0.${index}` : '010.0.0.1'));
    const { invalid, services, notes } = check(service('web', { externalIPs }));
    expect(services[0]?.spec.externalIPs).toHaveLength(10_000);
    expect(notes).toHaveLength(11);
    expect(invalid[0]?.problems).toHaveLength(11);
    expect(invalid[0]?.problems.at(-1)).toBe('and 9990 more');
  });
});

describe('a load balancer never becomes open by what is left out of its source ranges', () => {
  const openAddresses = (object: object): readonly (string | null | undefined)[] =>
    (check(object).services[0]?.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);

  test.each([
    ['without valid ranges of a family', ['x'], ['fd00::1']],
    ['without valid ranges of either family', ['x', 'fd00::/129'], []],
    ['with a range that is no text', [7], []],
    ['with a valid range of the other family only', ['10.0.0.0/33', 'fd00::/64'], ['fd00::1']],
    ['with a valid range of each family that is meant', ['x', '10.0.0.0/8'], ['198.51.100.2', 'fd00::1']],
    ['with a blank range, which restricts nothing', [' '], ['198.51.100.2', 'fd00::1']],
    ['without ranges', [], ['198.51.100.2', 'fd00::1']],
  ])('%s', (_, ranges, addresses) => {
    expect(openAddresses(loadBalancer(ranges, '198.51.100.2', 'fd00::1'))).toEqual(addresses);
  });

  test('and the families that are not served are named', () => {
    const { invalid } = check(loadBalancer(['x'], '198.51.100.2'));
    expect(invalid[0]?.problems.at(-1)).toBe(
      'spec.loadBalancerSourceRanges: has no valid IPv4 range, so no IPv4 address of the load balancer is served',
    );
  });
});

describe('a store', () => {
  const partly = (resourceVersion: string, externalIPs: readonly string[] = ['10.1']) =>
    raw(service('web', { externalIPs }, { resourceVersion }));
  const kinds = (store: ClusterStore) => store.invalid().map(({ isUsed }) => (isUsed ? 'in part' : 'not at all'));

  test('has the object with its invalid parts listed as long as they are there', () => {
    const store = new ClusterStore();
    expect(store.put('Service', partly('1'))).toHaveLength(1);
    expect(store.put('Service', partly('1'))).toEqual([]);
    store.list('Service', [partly('1')]);
    expect([kinds(store), store.neverUsable()]).toEqual([['in part'], []]);
    store.put('Service', partly('2', []));
    expect(kinds(store)).toEqual([]);
  });

  test('forgets them when the object goes', () => {
    const store = new ClusterStore();
    store.put('Service', partly('1'));
    store.remove('Service', partly('1'));
    expect(kinds(store)).toEqual([]);
  });

  test('keeps the usable version of an object that cannot be used any more, and tells both apart', () => {
    const store = new ClusterStore();
    store.put('Service', partly('1'));
    store.put('Service', raw(service('web', { ports: [{ port: 0 }] }, { resourceVersion: '2' })));
    expect([kinds(store), store.neverUsable(), store.objects('Service').size]).toEqual([['not at all'], [], 1]);
    store.put('Service', partly('1'));
    expect(kinds(store)).toEqual(['in part']);
  });

  test('knows which objects were never usable', () => {
    const store = new ClusterStore();
    store.put('Service', raw(service('api', { ports: [{ port: 0 }] })));
    expect(store.neverUsable().map(({ name }) => name)).toEqual(['api']);
  });
});

test('leaving out parts never makes anything of a valid object', () => {
  const text = fc.constantFrom('198.51.100.1', '10.1', '', ' ', 'fd00::1', '010.0.0.1', '\u0085');
  fc.assert(
    fc.property(fc.array(text), fc.array(text), (externalIPs, ips) => {
      const object = { ...loadBalancer([], ...ips), spec: service('web', { type: 'LoadBalancer', externalIPs }).spec };
      const { services, invalid } = check(object);
      const valid = externalIPs.filter(one => /^\d+\.\d+\.\d+\.\d+$|::/.test(one));
      expect(services[0]?.spec.externalIPs).toHaveLength(valid.length);
      expect(invalid.length > 0).toBe(
        valid.length < externalIPs.length || ips.some(one => [' ', '10.1', '\u0085'].includes(one)),
      );
    }),
  );
});
