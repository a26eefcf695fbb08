import { describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import { type EndpointsDecision, reconcileEndpoints } from '../../src/endpoints/reconcile-endpoints.js';
import { indexPods } from '../../src/endpoints/pod-index.js';
import { endpoints, listOf, pod, service } from '../cluster/objects-for-tests.js';

/** The verdict on the first Service among the objects. */
async function judge(...objects: readonly object[]): Promise<EndpointsDecision> {
  const cluster = await readClusterFiles(['-'], async () => JSON.stringify(listOf(...objects)));
  const [first] = cluster.services;
  if (first === undefined || cluster.invalid.length > 0) throw new Error(JSON.stringify(cluster.invalid));
  return reconcileEndpoints(first, indexPods(cluster.pods), cluster.endpoints[0]);
}

/** `10.244.1.3 !10.244.1.4 : http=8080/TCP` a subset, with ! where an address is not ready. */
async function subsetsOf(...objects: readonly object[]): Promise<readonly string[]> {
  const verdict = await judge(...objects);
  if (verdict.is === 'left alone') return [verdict.is];
  return (verdict.object.subsets ?? []).map(({ addresses, notReadyAddresses, ports }) => {
    const all = [...(addresses ?? []).map(({ ip }) => ip), ...(notReadyAddresses ?? []).map(({ ip }) => `!${ip}`)];
    const offered = (ports ?? []).map(
      ({ name, port, protocol }) => `${name === undefined ? '' : `${name}=`}${port}/${protocol}`,
    );
    return [all.join(' '), offered.join(' ')].join(' : ');
  });
}

const web = service('web');
const a = pod('a', '10.244.1.3');
const named = (name: string, containerPort: number, protocol = 'TCP') => ({
  name: 'web',
  ports: [{ name, containerPort, protocol }],
});

describe('which Pods a Service has', () => {
  test.each([
    [
      'Pods of all its labels',
      [
        service('web', { selector: { app: 'web', tier: 'front' } }),
        a,
        pod('b', '10.244.1.4', { labels: { app: 'web', tier: 'front' } }),
      ],
      ['10.244.1.4 : 8080/TCP'],
    ],
    ['Pods of its namespace', [web, pod('b', '10.244.1.4', { namespace: 'shop' })], []],
    [
      'all Pods of its namespace, if its selector is there and empty',
      [service('web', { selector: {} }), pod('b', '10.244.1.4', { labels: {} })],
      ['10.244.1.4 : 8080/TCP'],
    ],
    [
      'Pods that are not ready, apart',
      [web, a, pod('b', '10.244.1.4', { ready: false })],
      ['10.244.1.3 !10.244.1.4 : 8080/TCP'],
    ],
    [
      'Pods without a Ready condition as not ready',
      [web, pod('b', '10.244.1.4', { status: { conditions: [] } })],
      ['!10.244.1.4 : 8080/TCP'],
    ],
    [
      'all as ready, if it publishes those that are not',
      [service('web', { publishNotReadyAddresses: true }), pod('b', '10.244.1.4', { ready: false })],
      ['10.244.1.4 : 8080/TCP'],
    ],
    [
      'no Pods that are over',
      [
        web,
        pod('b', '10.244.1.4', { status: { phase: 'Succeeded' } }),
        pod('c', '10.244.1.5', { status: { phase: 'Failed' } }),
      ],
      [],
    ],
    ['no Pods without an address', [web, pod('b', '', { status: { podIPs: [] } })], []],
    [
      'no Pods that are being deleted',
      [web, pod('b', '10.244.1.4', { metadata: { deletionTimestamp: '2026-11-23T00:00:00Z' } })],
      [],
    ],
    [
      'Pods that are being deleted, if it publishes those that are not ready',
      [
        service('web', { publishNotReadyAddresses: true }),
        pod('b', '10.244.1.4', { metadata: { deletionTimestamp: '2026-11-23T00:00:00Z' } }),
      ],
      ['10.244.1.4 : 8080/TCP'],
    ],
    [
      'two Pods on one node’s own address',
      [web, pod('b', '10.10.0.11'), pod('c', '10.10.0.11', { ready: false })],
      ['10.10.0.11 !10.10.0.11 : 8080/TCP'],
    ],
    [
      'a Pod that says only its podIP',
      [web, pod('b', '10.244.1.4', { status: { podIPs: undefined } })],
      ['10.244.1.4 : 8080/TCP'],
    ],
  ] as const)('%s', async (_, objects, expected) => expect(await subsetsOf(...objects)).toEqual(expected));
});

describe('which address a Pod has for a Service', () => {
  const both = pod('a', '10.244.1.3', { status: { podIPs: [{ ip: '10.244.1.3' }, { ip: 'fd00::3' }] } });
  test.each([
    ['the one of the first family', { ipFamilies: ['IPv6', 'IPv4'] }, ['fd00::3 : 8080/TCP']],
    ['the one of the cluster IP’s family, if no family is given', { clusterIP: 'fd00:96::1' }, ['fd00::3 : 8080/TCP']],
    ['the first one, if the Service is headless and gives no family', { clusterIP: 'None' }, ['10.244.1.3 : 8080/TCP']],
  ])('%s', async (_, spec, expected) => expect(await subsetsOf(service('web', spec), both)).toEqual(expected));

  test('none of the family means that the Pod is left out', async () => {
    expect(await subsetsOf(service('web', { ipFamilies: ['IPv6'] }), a)).toEqual([]);
  });

  test.each([
    [
      'a host name of its own under the Service it names as its subdomain',
      { hostname: 'a-0', subdomain: 'web' },
      { hostname: 'a-0', nodeName: 'inajob' },
    ],
    ['none under another Service', { hostname: 'a-0', subdomain: 'other' }, { nodeName: 'inajob' }],
    ['no node name without a node: the API server refuses an empty one', { nodeName: '' }, {}],
  ])('a Pod has %s', async (_, spec, expected) => {
    const verdict = await judge(web, pod('a', '10.244.1.3', { spec }));
    const targetRef = { kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid-a' };
    expect(verdict).toMatchObject({
      object: { subsets: [{ addresses: [{ ip: '10.244.1.3', targetRef, ...expected }] }] },
    });
    const { hostname, nodeName } = (verdict.is === 'changed' && verdict.object.subsets?.[0]?.addresses?.[0]) || {};
    expect({ hostname, nodeName }).toEqual({ hostname: undefined, nodeName: undefined, ...expected });
  });
});

describe('where a Service port leads', () => {
  const withPort = (port: object) => service('web', { ports: [{ port: 80, ...port }] });
  const withContainers = (containers: readonly object[], more: object = {}) =>
    pod('a', '10.244.1.3', { spec: { containers, ...more } });
  test.each([
    ['to the target port', withPort({ targetPort: 8080 }), a, ['10.244.1.3 : 8080/TCP']],
    ['to the port itself without one', withPort({}), a, ['10.244.1.3 : 80/TCP']],
    [
      'to the container port of that name',
      withPort({ targetPort: 'http' }),
      withContainers([named('http', 8081)]),
      ['10.244.1.3 : 8081/TCP'],
    ],
    ['nowhere, if no container has the name', withPort({ targetPort: 'http' }), a, []],
    [
      'nowhere, if the name’s protocol is another',
      withPort({ targetPort: 'http', protocol: 'UDP' }),
      withContainers([named('http', 8081)]),
      [],
    ],
    [
      'to a sidecar',
      withPort({ targetPort: 'http' }),
      withContainers([], { initContainers: [{ ...named('http', 8082), restartPolicy: 'Always' }] }),
      ['10.244.1.3 : 8082/TCP'],
    ],
    [
      'to a container before a sidecar',
      withPort({ targetPort: 'http' }),
      withContainers([named('http', 8081)], { initContainers: [{ ...named('http', 8082), restartPolicy: 'Always' }] }),
      ['10.244.1.3 : 8081/TCP'],
    ],
    [
      'not to an init container that ends',
      withPort({ targetPort: 'http' }),
      withContainers([], { initContainers: [named('http', 8082)] }),
      [],
    ],
  ])('%s', async (_, port, onePod, expected) => expect(await subsetsOf(port, onePod)).toEqual(expected));

  test('Pods of two versions with one port name give two subsets', async () => {
    const old = pod('old', '10.244.1.4', { spec: { containers: [named('http', 9090)] } });
    const fresh = withContainers([named('http', 8080)]);
    const subsets = await subsetsOf(withPort({ targetPort: 'http' }), fresh, old);
    expect([...subsets].sort()).toEqual(['10.244.1.3 : 8080/TCP', '10.244.1.4 : 9090/TCP']);
  });

  test.each([
    ['nothing for a Service with an address', '10.254.10.128', []],
    ['the addresses alone for a headless one', 'None', ['10.244.1.3 : ']],
  ])('without ports there is %s', async (_, clusterIP, expected) => {
    expect(await subsetsOf(service('web', { clusterIP, ports: [] }), a)).toEqual(expected);
  });
});

describe('what is written and what is not', () => {
  const written = [
    {
      addresses: [
        {
          ip: '10.244.1.3',
          nodeName: 'inajob',
          targetRef: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid-a' },
        },
      ],
      ports: [{ port: 8080, protocol: 'TCP' }],
    },
  ];
  const [subset] = written;
  const managed = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };

  test.each([
    ['the same object', endpoints('web', written), 'unchanged'],
    [
      'one with the Pod’s resource version beside',
      endpoints('web', [
        {
          ...subset,
          addresses: [
            { ...subset?.addresses[0], targetRef: { ...subset?.addresses[0]?.targetRef, resourceVersion: '7' } },
          ],
        },
      ]),
      'unchanged',
    ],
    ['one with other software’s annotations', endpoints('web', written, { annotations: { mine: 'x' } }), 'unchanged'],
    [
      'one with a headless label too many',
      endpoints('web', written, { labels: { ...managed, 'service.kubernetes.io/headless': '' } }),
      'unchanged',
    ],
    ['one with the same in another form', endpoints('web', [{ ...subset, notReadyAddresses: [] }]), 'unchanged'],
    [
      'one whose address is not ready',
      endpoints('web', [{ notReadyAddresses: subset?.addresses, ports: subset?.ports }]),
      'changed',
    ],
    ['one without subsets', endpoints('web', []), 'changed'],
    ['one without the writer’s mark', endpoints('web', written, { labels: {} }), 'changed'],
    [
      'one with a label that the Service does not have',
      endpoints('web', written, { labels: { ...managed, old: 'x' } }),
      'changed',
    ],
    [
      'one that says it was cut',
      endpoints('web', written, { annotations: { 'endpoints.kubernetes.io/over-capacity': 'truncated' } }),
      'changed',
    ],
  ])('where there is %s it is %s', async (_, existing, is) => expect((await judge(web, a, existing)).is).toBe(is));

  test('what was written is unchanged at the next look, cut or not', async () => {
    const pods = Array.from({ length: 1003 }, (_, index) => pod(`p-${index}`, `10.245.${index >> 8}.${index & 255}`));
    for (const some of [[], pods.slice(0, 3), pods]) {
      const first = await judge(web, ...some);
      if (first.is !== 'changed') throw new Error(first.is);
      expect((await judge(web, ...some, first.object)).is).toBe('unchanged');
    }
  });

  test('the labels are the Service’s, with the writer’s mark', async () => {
    const labels = { team: 'net', 'service.kubernetes.io/headless': '' };
    const verdict = await judge(service('web', {}, { labels }), a);
    expect(verdict).toMatchObject({ object: { metadata: { labels: { team: 'net', ...managed } } } });
    expect(JSON.stringify(verdict.is === 'changed' && verdict.object)).not.toContain('headless');
    const headless = await judge(service('web', { clusterIP: 'None' }), a);
    expect(headless).toMatchObject({ object: { metadata: { labels: { 'service.kubernetes.io/headless': '' } } } });
  });

  test.each([
    ['no selector', { selector: undefined }, 'no selector'],
    ['the type ExternalName', { type: 'ExternalName', clusterIP: '' }, 'ExternalName'],
  ])('a Service with %s is left alone', async (_, spec, why) => {
    const verdict = await judge(service('web', spec), a);
    expect(verdict).toMatchObject({ is: 'left alone', why: expect.stringContaining(why) });
  });
});
