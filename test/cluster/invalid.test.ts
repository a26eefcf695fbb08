import { describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import { invalidObjectLine } from '../../src/cluster/problems.js';
import { invalidObjectLines } from '../../src/cluster/remark.js';
import { listOf, pod, service } from './objects-for-tests.js';

const read = (...objects: readonly object[]) => readClusterFiles(['-'], async () => JSON.stringify(listOf(...objects)));
const webWith = (spec: object) => service('web', spec);
const port = (fields: object) => webWith({ ports: [{ port: 80, ...fields }] });
const slice = (fields: object) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ...fields,
});

describe('an invalid object is reported with source, object and field, and the others are used', () => {
  test.each([
    [
      'an address with a number above 255',
      webWith({ clusterIP: '10.0.0.0256' }),
      'Service default/web: spec.clusterIP: is not an IP address: "10.0.0.0256"',
    ],
    ['a port 0', port({ port: 0 }), 'Service default/web: spec.ports[0].port: is not a port number (1 to 65535): 0'],
    [
      'a port 70000',
      port({ port: 70000 }),
      'Service default/web: spec.ports[0].port: is not a port number (1 to 65535): 70000',
    ],
    [
      'a port in quotes',
      port({ port: '80' }),
      'Service default/web: spec.ports[0].port: is not a port number (1 to 65535): "80"',
    ],
    ['no port', port({ port: undefined }), 'Service default/web: spec.ports[0].port: is missing'],
    [
      'a protocol',
      port({ protocol: 'ICMP' }),
      'Service default/web: spec.ports[0].protocol: is none of TCP, UDP, SCTP: "ICMP"',
    ],
    [
      'a target port in quotes',
      port({ targetPort: '8080' }),
      'Service default/web: spec.ports[0].targetPort: is neither a port number (0 to 65535) nor the name of a ' +
        'port: "8080"',
    ],
    [
      'a target port',
      port({ targetPort: 70000 }),
      'Service default/web: spec.ports[0].targetPort: is neither a port number (0 to 65535) nor the name of a ' +
        'port: 70000',
    ],
    [
      'a type',
      webWith({ type: 'Cluster' }),
      'Service default/web: spec.type: is none of ClusterIP, NodePort, LoadBalancer, ExternalName: "Cluster"',
    ],
    ['no spec', { ...service('web'), spec: undefined }, 'Service default/web: spec: is missing'],
    [
      'a name with a newline',
      service('web\nrm'),
      'Service "default/web\\nrm": metadata.name: is not an RFC 1123 label (lower case letters, digits and -, ' +
        'at most 63): "web\\nrm"',
    ],
    [
      'a name for a shell',
      service('$(reboot)'),
      'Service "default/$(reboot)": metadata.name: is not an RFC 1123 label (lower case letters, digits and -, ' +
        'at most 63): "$(reboot)"',
    ],
    ['a misspelt kind', { ...service('web'), kind: 'Servise' }, 'Servise default/web: kind: v1 has no kind "Servise"'],
    [
      'a version that does not exist',
      { ...service('web'), apiVersion: 'v2' },
      'Service default/web: apiVersion: must be v1 for kind Service: "v2"',
    ],
    [
      'a version that was removed',
      slice({ apiVersion: 'discovery.k8s.io/v1beta1' }),
      'EndpointSlice default/web-1: apiVersion: must be discovery.k8s.io/v1 for kind EndpointSlice: ' +
        '"discovery.k8s.io/v1beta1"',
    ],
    [
      'a slice of an unknown family',
      slice({ addressType: 'IPv5' }),
      'EndpointSlice default/web-1: addressType: is none of IPv4, IPv6, FQDN: "IPv5"',
    ],
    [
      'cluster IPs in another order than the families',
      webWith({ clusterIPs: ['10.254.10.128', 'fd00::1'], ipFamilies: ['IPv6', 'IPv4'] }),
      'Service default/web: spec.clusterIPs[0]: is not an IPv6 address, as ipFamilies says: "10.254.10.128"; ' +
        'spec.clusterIPs[1]: is not an IPv4 address, as ipFamilies says: "fd00::1"',
    ],
    [
      'two cluster IPs of a family',
      webWith({ clusterIPs: ['10.254.10.128', '10.254.10.129'] }),
      'Service default/web: spec.clusterIPs[1]: is a second IPv4 address: "10.254.10.129"',
    ],
    [
      'another cluster IP in the list',
      webWith({ clusterIPs: ['10.254.10.129'] }),
      'Service default/web: spec.clusterIPs[0]: is not the same as clusterIP, 10.254.10.128: "10.254.10.129"',
    ],
    [
      'a Pod’s address',
      pod('a', '1.2.3'),
      'Pod default/a: status.podIP: is not an IP address: "1.2.3"; status.podIPs[0].ip: is not an IP address: "1.2.3"',
    ],
    [
      'two addresses of a Pod in one family',
      pod('a', '10.0.0.1', { status: { podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }, { ip: '10.0.0.2' }] } }),
      'Pod default/a: status.podIPs[2].ip: is a second IPv4 address: "10.0.0.2"',
    ],
    [
      'a label that is no text',
      service('web', {}, { labels: { 'a b': 1 } }),
      'Service default/web: metadata.labels["a b"]: must be a string: 1',
    ],
  ])('%s', async (_, object, line) => {
    const { services, invalid } = await read(object, service('api'));
    expect(invalid.map(invalidObjectLine)).toEqual([`stdin: ${line}`]);
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['api']);
  });

  test('the Service that keeps its state is known, if the object names one', async () => {
    const { invalid } = await read(port({ port: 0 }), slice({ addressType: '?' }), pod('a', 'x'), {
      ...service('api'),
      kind: 'Servise',
    });
    expect(invalid.map(object => object.service)).toEqual(['web', 'web', undefined, 'api']);
  });

  test('an invalid object does not replace a valid one with the same name', async () => {
    const { services } = await read(service('web'), port({ port: 0 }));
    expect(services.map(({ spec }) => spec.ports?.[0]?.port)).toEqual([80]);
  });

  test('names that Kubernetes accepts are accepted', async () => {
    const long = `${'a'.repeat(100)}.${'b'.repeat(100)}`;
    const { invalid, pods } = await read(pod(long, '10.0.0.1'), pod('0-a', '10.0.0.2'));
    expect(invalid).toEqual([]);
    expect(pods).toHaveLength(2);
  });

  test('of very many the first are reported and the others counted', async () => {
    const { invalid } = await read(...Array.from({ length: 30 }, (_, index) => pod(`a-${index}`, 'x')));
    const lines = invalidObjectLines(invalid);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('and 10 more invalid objects');
  });
});

describe('addresses and networks are read into canonical text', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['FD00:0:0::1', 'fd00::1'],
    ['fd00::0:0', 'fd00::'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::ffff:a00:1', '10.0.0.1'],
    ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
  ])('%s is %s', async (text, canonical) => {
    const { services } = await read(webWith({ clusterIP: text }));
    expect(services[0]?.spec.clusterIP).toBe(canonical);
  });

  test.each([
    ['10.0.0.5/8', '10.0.0.0/8'],
    [' 192.168.0.0/16 ', '192.168.0.0/16'],
    ['FD00:1:2::3/32', 'fd00:1::/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('%s is %s', async (text, canonical) => {
    const { services } = await read(webWith({ loadBalancerSourceRanges: [text] }));
    expect(services[0]?.spec.loadBalancerSourceRanges).toEqual([canonical]);
  });
});
