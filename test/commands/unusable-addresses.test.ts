import { describe, expect, test } from 'vitest';
import { fakeNode, print, runCommand } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';

const loadBalancer = (name: string, clusterIP: string, ip: string) => ({
  ...serviceObject(name, clusterIP, { type: 'LoadBalancer' }),
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }, { ip }] } },
});
const slice = (name: string, addressType: string, addresses: readonly string[]) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
  addressType,
  ports: [{ port: 8080 }],
  endpoints: addresses.map(address => ({ addresses: [address] })),
});

const good = [serviceObject('good', '10.96.0.1'), endpointsObject('good', ['10.244.1.3'])];

const syncWith = async (...objects: readonly object[]) => {
  const node = fakeNode();
  const result = await sync(node, { stdin: listText(...good, ...objects) });
  return { ...result, node, kernel: print(node.kernel) };
};

const unusable = [
  ['0.0.0.0', 'is the unspecified address'],
  ['0.1.2.3', 'is an address of 0.0.0.0/8, which stands for this network'],
  ['127.0.0.1', 'is a loopback address'],
  ['::ffff:127.0.0.9', 'is a loopback address', '127.0.0.9'],
  ['224.0.0.5', 'is a multicast address'],
  ['239.255.0.1', 'is a multicast address'],
  ['255.255.255.255', 'is the broadcast address'],
  ['10.10.0.255', "is the broadcast address of one of this node's networks"],
  ['::', 'is the unspecified address'],
  ['::1', 'is a loopback address'],
  ['fe80::5', 'is a link-local address'],
  ['ff02::5', 'is a multicast address'],
  ['ff0e::31', 'is a multicast address'],
] as const;

describe('an address that cannot be served is left out alone, and named', () => {
  test.each(unusable)('%s', async (text, why, address: string = text) => {
    const isIpv6 = address.includes(':');
    const [usable, clusterIP] = isIpv6 ? ['2001:db8::1', 'fd00:96::2'] : ['198.51.100.1', '10.96.0.2'];
    const endpoint = isIpv6 ? 'fd00:244::9' : '10.244.1.9';
    const { exitCode, stderr, kernel } = await syncWith(
      { ...serviceObject('odd', clusterIP, { externalIPs: [usable, text] }) },
      slice('odd', isIpv6 ? 'IPv6' : 'IPv4', [address, endpoint]),
      loadBalancer('lb', '10.96.0.3', text),
      serviceObject('vip', text, { externalIPs: [isIpv6 ? '2001:db8::2' : '198.51.100.2'] }),
    );
    const isServed = (part: string) => expect(kernel).toContain(part);
    const bracketed = (ip: string) => (isIpv6 ? `[${ip}]` : ip);
    const ending = `: ${why} and is left out: "${address}"`;
    expect(stderr.split('\n').filter(line => !line.startsWith('other software'))).toEqual(
      expect.arrayContaining([
        `Service default/odd: spec.externalIPs[1]${ending}`,
        `EndpointSlice default/odd-1: endpoints[0].addresses[0]${ending}`,
        `Service default/lb: status.loadBalancer.ingress[1].ip${ending}`,
        `Service default/vip: spec.clusterIP${ending}`,
      ]),
    );
    expect(exitCode).toBe(3);
    isServed('ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080');
    isServed(`ipvsadm -a -t ${bracketed(clusterIP)}:80 -r ${bracketed(endpoint)}:8080`);
    isServed(`ipvsadm -A -t ${bracketed(usable)}:80`);
    isServed('ipvsadm -A -t 203.0.113.1:80');
    // Everything else of a Service whose cluster IP is left out is served.
    isServed(`ipvsadm -A -t ${isIpv6 ? '[2001:db8::2]' : '198.51.100.2'}:80`);
    const elements = kernel.split('\n').filter(line => /^(ipvsadm|ipset add)|dev kube-ipvs0$/.test(line));
    expect(elements.join('\n')).not.toMatch(new RegExp(`[ [,]${address.replaceAll('.', '\\.')}([ ,\\]/]|:80|$)`, 'm'));
  });
});

describe('an address is used', () => {
  test.each(['169.254.20.10', '240.0.0.1', '255.255.255.254', '10.10.0.0', 'fec0::1', '::10.0.0.1'])(
    '%s, which the kernel accepts',
    async address => {
      const { exitCode, stderr, kernel } = await syncWith(serviceObject('odd', address));
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(kernel).toMatch(new RegExp(`^ip addr add ${address}/(32|128) dev kube-ipvs0$`, 'm'));
    },
  );
});

test('a stored address with leading zeros is served and named, and the exit code is 0', async () => {
  const web = serviceObject('web', '010.096.0.02');
  const { exitCode, stderr, kernel } = await syncWith(web, slice('web', 'IPv4', ['10.244.01.9']));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr:
      'stdin: Service default/web: spec.clusterIP: has leading zeros and is read as 10.96.0.2: "010.096.0.02"\n' +
      'stdin: EndpointSlice default/web-1: endpoints[0].addresses[0]: has leading zeros and is read as 10.244.1.9: ' +
      '"10.244.01.9"\n',
  });
  expect(kernel).toContain('ipvsadm -a -t 10.96.0.2:80 -r 10.244.1.9:8080');
});

describe('what Services want and cannot have', () => {
  test('an annotation that is not followed makes the exit code 3', async () => {
    const annotations = { 'kube-router.io/service.scheduler': 'rr; reboot' };
    const odd = { ...serviceObject('odd', '10.96.0.2'), metadata: { name: 'odd', annotations } };
    const { exitCode, stderr, kernel } = await syncWith(odd);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        'default/odd: annotation kube-router.io/service.scheduler: "rr; reboot" is not known to ipvsadm; rr is used\n',
    });
    expect(kernel).toContain('ipvsadm -A -t 10.96.0.2:80 -s rr');
  });

  test('a scheduler flag that ipvsadm accepts and does not list is left out, and may be on the node', async () => {
    const annotations = { 'kube-router.io/service.scheduler': 'mh', 'kube-router.io/service.schedflags': 'flag-3' };
    const odd = { ...serviceObject('odd', '10.96.0.2'), metadata: { name: 'odd', annotations } };
    const { exitCode, stderr, kernel, node } = await syncWith(odd);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        'default/odd: annotation kube-router.io/service.schedflags: "flag-3" is not known to ipvsadm for the ' +
        'scheduler mh; rr is used\n',
    });
    expect(kernel).toContain('ipvsadm -A -t 10.96.0.2:80 -s rr');
    // Another program may have set it.
    runCommand(node.kernel, { argv: ['ipvsadm', '-E', '-t', '10.96.0.2:80', '-s', 'mh', '-b', 'flag-3'] });
    expect(await sync(node, { stdin: listText(...good, odd) })).toMatchObject({ exitCode: 3, error: undefined });
  });

  test('twin: the flags that the scheduler has are set', async () => {
    const annotations = { 'kube-router.io/service.scheduler': 'mh', 'kube-router.io/service.schedflags': 'mh-port' };
    const { exitCode, kernel } = await syncWith({
      ...serviceObject('odd', '10.96.0.2'),
      metadata: { name: 'odd', annotations },
    });
    expect(exitCode).toBe(0);
    expect(kernel).toContain('ipvsadm -A -t 10.96.0.2:80 -s mh -b mh-port');
  });

  test('makes the exit code 3 in a dry run too, and a second sync says it again and changes nothing', async () => {
    const odd = serviceObject('odd', '10.96.0.2', { externalIPs: ['224.0.0.1'] });
    const { node } = await syncWith(odd);
    const stdin = listText(...good, odd);
    expect(await sync(node, { stdin, dryRun: true })).toMatchObject({ exitCode: 3 });
    expect(await sync(node, { stdin })).toMatchObject({
      exitCode: 3,
      stdout: 'node inajob: nothing changed; not all is served, see the errors\n',
      stderr: 'Service default/odd: spec.externalIPs[0]: is a multicast address and is left out: "224.0.0.1"\n',
    });
  });

  test('is counted after twenty lines about one Service, and hides nothing that is said of others', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `224.0.0.${index}`);
    const { stderr } = await syncWith(
      serviceObject('a', '10.96.0.2', { externalIPs: many }),
      serviceObject('b', '10.96.0.3', { externalIPs: ['224.0.0.9'] }),
    );
    expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
      'and 10 more such lines about Service default/a',
      'Service default/b: spec.externalIPs[0]: is a multicast address and is left out: "224.0.0.9"',
    ]);
  });

  test('freezes nothing: what other Services do not have any more goes', async () => {
    const node = fakeNode();
    await sync(node, { stdin: listText(...good, serviceObject('old', '10.96.0.9')) });
    await sync(node, { stdin: listText(...good, serviceObject('odd', '10.96.0.2', { externalIPs: ['224.0.0.1'] })) });
    expect(print(node.kernel)).not.toContain('10.96.0.9');
  });

  test.each([
    ['a cluster IP', serviceObject('web', '', { clusterIP: undefined }), 'spec.clusterIP'],
    ['ports', serviceObject('web', '10.96.0.2', { ports: [] }), 'spec.ports'],
  ])('is named if a manifest lacks %s', async (_, object, field) => {
    const { exitCode, stderr } = await syncWith(object);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: `Service default/web: ${field}: is missing, and nothing of the Service is served\n`,
    });
  });

  test.each([
    ['a headless Service', serviceObject('web', 'None')],
    ['an ExternalName Service', serviceObject('web', '', { type: 'ExternalName', clusterIP: undefined, ports: [] })],
    [
      'a Service of another proxy',
      {
        ...serviceObject('web', ''),
        metadata: { name: 'web', labels: { 'service.kubernetes.io/service-proxy-name': 'other' } },
      },
    ],
    ['a Service with clusterIPs alone', serviceObject('web', '', { clusterIPs: ['10.96.0.2'] })],
  ])('is not said of %s', async (_, object) => {
    expect(await syncWith(object)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});
