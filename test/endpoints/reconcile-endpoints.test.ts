import { describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import type { EndpointsDecision } from '../../src/endpoints/decision.js';
import { indexPods } from '../../src/endpoints/pod-index.js';
import { reconcileEndpoints } from '../../src/endpoints/reconcile-endpoints.js';
import { endpoints, listOf, pod, service } from '../cluster/objects-for-tests.js';

/** Returns the decision about the first Service among the objects. */
async function decisionFor(...objects: readonly object[]): Promise<EndpointsDecision> {
  const cluster = await readClusterFiles(['-'], async () => JSON.stringify(listOf(...objects)));
  const [first] = cluster.services;
  if (first === undefined || cluster.invalid.length > 0) throw new Error(JSON.stringify(cluster.invalid));
  return reconcileEndpoints(first, indexPods(cluster.pods), cluster.endpoints[0]);
}

/** Returns each subset as `10.244.1.3 !10.244.1.4 : http=8080/TCP`, with ! before an address that is not ready. */
async function subsetsOf(...objects: readonly object[]): Promise<readonly string[]> {
  const decision = await decisionFor(...objects);
  if (decision.outcome === 'left alone') return [decision.outcome];
  return (decision.object.subsets ?? []).map(({ addresses, notReadyAddresses, ports }) => {
    const all = [...(addresses ?? []).map(({ ip }) => ip), ...(notReadyAddresses ?? []).map(({ ip }) => `!${ip}`)];
    const portTexts = (ports ?? []).map(
      ({ name, port, protocol }) => `${name === undefined ? '' : `${name}=`}${port}/${protocol}`,
    );
    return [all.join(' '), portTexts.join(' ')].join(' : ');
  });
}

const web = service('web');
const a = pod('a', '10.244.1.3');
const containerWithPort = (name: string, containerPort: number, protocol = 'TCP') => ({
  name: 'web',
  ports: [{ name, containerPort, protocol }],
});

describe('a Service selects', () => {
  test.each([
    [
      'Pods that have all labels of its selector',
      [
        service('web', { selector: { app: 'web', tier: 'front' } }),
        a,
        pod('b', '10.244.1.4', { labels: { app: 'web', tier: 'front' } }),
      ],
      ['10.244.1.4 : 8080/TCP'],
    ],
    ['only Pods of its namespace', [web, pod('b', '10.244.1.4', { namespace: 'shop' })], []],
    [
      'all Pods of its namespace if its selector is empty',
      [service('web', { selector: {} }), pod('b', '10.244.1.4', { labels: {} })],
      ['10.244.1.4 : 8080/TCP'],
    ],
    [
      'Pods that are not ready, listed apart',
      [web, a, pod('b', '10.244.1.4', { ready: false })],
      ['10.244.1.3 !10.244.1.4 : 8080/TCP'],
    ],
    [
      'Pods without a Ready condition as not ready',
      [web, pod('b', '10.244.1.4', { status: { conditions: [] } })],
      ['!10.244.1.4 : 8080/TCP'],
    ],
    [
      'all Pods as ready if it publishes addresses that are not ready',
      [service('web', { publishNotReadyAddresses: true }), pod('b', '10.244.1.4', { ready: false })],
      ['10.244.1.4 : 8080/TCP'],
    ],
    [
      'no Pods that have ended',
      [
        web,
        pod('b', '10.244.1.4', { status: { phase: 'Succeeded' } }),
        pod('c', '10.244.1.5', { status: { phase: 'Failed' } }),
      ],
      [],
    ],
    ['no Pods without an address', [web, pod('b', '', { status: { podIPs: [] } })], []],
    [
      'no terminating Pods',
      [web, pod('b', '10.244.1.4', { metadata: { deletionTimestamp: '2026-11-23T00:00:00Z' } })],
      [],
    ],
    [
      'terminating Pods if it publishes addresses that are not ready',
      [
        service('web', { publishNotReadyAddresses: true }),
        pod('b', '10.244.1.4', { metadata: { deletionTimestamp: '2026-11-23T00:00:00Z' } }),
      ],
      ['10.244.1.4 : 8080/TCP'],
    ],
    [
      'two Pods with the same address of a node',
      [web, pod('b', '10.10.0.11'), pod('c', '10.10.0.11', { ready: false })],
      ['10.10.0.11 !10.10.0.11 : 8080/TCP'],
    ],
    [
      'a Pod that has a podIP and no podIPs',
      [web, pod('b', '10.244.1.4', { status: { podIPs: undefined } })],
      ['10.244.1.4 : 8080/TCP'],
    ],
  ] as const)('%s', async (_, objects, expected) => expect(await subsetsOf(...objects)).toEqual(expected));
});

describe('the address of a Pod for a Service', () => {
  const both = pod('a', '10.244.1.3', { status: { podIPs: [{ ip: '10.244.1.3' }, { ip: 'fd00::3' }] } });
  test.each([
    ['is the one of the first family', { ipFamilies: ['IPv6', 'IPv4'] }, ['fd00::3 : 8080/TCP']],
    [
      'is the one of the cluster IP’s family if no family is given',
      { clusterIP: 'fd00:96::1' },
      ['fd00::3 : 8080/TCP'],
    ],
    [
      'is the first one if the Service is headless and gives no family',
      { clusterIP: 'None' },
      ['10.244.1.3 : 8080/TCP'],
    ],
  ])('%s', async (_, spec, expected) => expect(await subsetsOf(service('web', spec), both)).toEqual(expected));

  test('is missing if the Pod has none of the family', async () => {
    expect(await subsetsOf(service('web', { ipFamilies: ['IPv6'] }), a)).toEqual([]);
  });

  test.each([
    [
      'a host name if it names the Service as its subdomain',
      { hostname: 'a-0', subdomain: 'web' },
      { hostname: 'a-0', nodeName: 'inajob' },
    ],
    ['no host name if it names another Service', { hostname: 'a-0', subdomain: 'other' }, { nodeName: 'inajob' }],
    ['no node name if it has no node, because the API server refuses an empty one', { nodeName: '' }, {}],
  ])('a Pod has %s', async (_, spec, expected) => {
    const decision = await decisionFor(web, pod('a', '10.244.1.3', { spec }));
    const targetRef = { kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid-a' };
    expect(decision).toMatchObject({
      object: { subsets: [{ addresses: [{ ip: '10.244.1.3', targetRef, ...expected }] }] },
    });
    const { hostname, nodeName } =
      (decision.outcome === 'changed' && decision.object.subsets?.[0]?.addresses?.[0]) || {};
    expect({ hostname, nodeName }).toEqual({ hostname: undefined, nodeName: undefined, ...expected });
  });
});

describe('a Service port leads', () => {
  const withPort = (port: object) => service('web', { ports: [{ port: 80, ...port }] });
  const withContainers = (containers: readonly object[], more: object = {}) =>
    pod('a', '10.244.1.3', { spec: { containers, ...more } });
  test.each([
    ['to the target port', withPort({ targetPort: 8080 }), a, ['10.244.1.3 : 8080/TCP']],
    ['to the port itself if it has no target port', withPort({}), a, ['10.244.1.3 : 80/TCP']],
    [
      'to the container port of that name',
      withPort({ targetPort: 'http' }),
      withContainers([containerWithPort('http', 8081)]),
      ['10.244.1.3 : 8081/TCP'],
    ],
    ['nowhere if no container has the name', withPort({ targetPort: 'http' }), a, []],
    [
      'nowhere if the container port has another protocol',
      withPort({ targetPort: 'http', protocol: 'UDP' }),
      withContainers([containerWithPort('http', 8081)]),
      [],
    ],
    [
      'to a sidecar',
      withPort({ targetPort: 'http' }),
      withContainers([], { initContainers: [{ ...containerWithPort('http', 8082), restartPolicy: 'Always' }] }),
      ['10.244.1.3 : 8082/TCP'],
    ],
    [
      'to a container before a sidecar',
      withPort({ targetPort: 'http' }),
      withContainers([containerWithPort('http', 8081)], {
        initContainers: [{ ...containerWithPort('http', 8082), restartPolicy: 'Always' }],
      }),
      ['10.244.1.3 : 8081/TCP'],
    ],
    [
      'not to an init container that ends',
      withPort({ targetPort: 'http' }),
      withContainers([], { initContainers: [containerWithPort('http', 8082)] }),
      [],
    ],
  ])('%s', async (_, port, onePod, expected) => expect(await subsetsOf(port, onePod)).toEqual(expected));

  test('to two subsets if two Pods give one port name different numbers', async () => {
    const old = pod('old', '10.244.1.4', { spec: { containers: [containerWithPort('http', 9090)] } });
    const fresh = withContainers([containerWithPort('http', 8080)]);
    const subsets = await subsetsOf(withPort({ targetPort: 'http' }), fresh, old);
    expect([...subsets].sort()).toEqual(['10.244.1.3 : 8080/TCP', '10.244.1.4 : 9090/TCP']);
  });

  test.each([
    ['nothing for a Service with a cluster IP', '10.254.10.128', []],
    ['the addresses alone for a headless Service', 'None', ['10.244.1.3 : ']],
  ])('without ports, to %s', async (_, clusterIP, expected) => {
    expect(await subsetsOf(service('web', { clusterIP, ports: [] }), a)).toEqual(expected);
  });
});

describe('an object is written only if it differs', () => {
  const upToDate = [
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
  const [subset] = upToDate;
  const managed = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };

  test.each([
    ['an equal object', endpoints('web', upToDate), 'unchanged'],
    [
      'one with the Pod’s resource version',
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
    ['one with other software’s annotations', endpoints('web', upToDate, { annotations: { mine: 'x' } }), 'unchanged'],
    [
      'one with an extra headless label',
      endpoints('web', upToDate, { labels: { ...managed, 'service.kubernetes.io/headless': '' } }),
      'unchanged',
    ],
    [
      'one with the same content in another form',
      endpoints('web', [{ ...subset, notReadyAddresses: [] }]),
      'unchanged',
    ],
    [
      'one whose address is not ready',
      endpoints('web', [{ notReadyAddresses: subset?.addresses, ports: subset?.ports }]),
      'changed',
    ],
    ['one without subsets', endpoints('web', []), 'changed'],
    ['one without the managed-by label', endpoints('web', upToDate, { labels: {} }), 'changed'],
    [
      'one with a label that the Service does not have',
      endpoints('web', upToDate, { labels: { ...managed, old: 'x' } }),
      'changed',
    ],
    [
      'one with the over-capacity annotation',
      endpoints('web', upToDate, { annotations: { 'endpoints.kubernetes.io/over-capacity': 'truncated' } }),
      'changed',
    ],
  ])('%s is %s', async (_, existing, outcome) => expect((await decisionFor(web, a, existing)).outcome).toBe(outcome));

  test('an object that was written is unchanged the next time, truncated or not', async () => {
    const pods = Array.from({ length: 1003 }, (_, index) => pod(`p-${index}`, `10.245.${index >> 8}.${index & 255}`));
    for (const some of [[], pods.slice(0, 3), pods]) {
      const first = await decisionFor(web, ...some);
      if (first.outcome !== 'changed') throw new Error(first.outcome);
      expect((await decisionFor(web, ...some, first.object)).outcome).toBe('unchanged');
    }
  });

  test('the labels are those of the Service and the managed-by label', async () => {
    const labels = { team: 'net', 'service.kubernetes.io/headless': '' };
    const decision = await decisionFor(service('web', {}, { labels }), a);
    expect(decision).toMatchObject({ object: { metadata: { labels: { team: 'net', ...managed } } } });
    expect(JSON.stringify(decision.outcome === 'changed' && decision.object)).not.toContain('headless');
    const headless = await decisionFor(service('web', { clusterIP: 'None' }), a);
    expect(headless).toMatchObject({ object: { metadata: { labels: { 'service.kubernetes.io/headless': '' } } } });
  });

  test.each([
    ['no selector', { selector: undefined }, 'no selector'],
    ['the type ExternalName', { type: 'ExternalName', clusterIP: '' }, 'ExternalName'],
  ])('a Service with %s is left alone', async (_, spec, reason) => {
    const decision = await decisionFor(service('web', spec), a);
    expect(decision).toMatchObject({ outcome: 'left alone', reason: expect.stringContaining(reason) });
  });
});
