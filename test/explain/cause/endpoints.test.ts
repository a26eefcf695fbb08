import { expect, test } from 'vitest';
import type { Pod } from '../../../src/cluster/schema/pod.js';
import type { CauseInput } from '../../../src/explain/cause/cause-input.js';
import { causeOf } from '../../../src/explain/cause/cause-of.js';
import type { Cause } from '../../../src/explain/explanation.js';
import { clusterFrom } from '../../support/parity-case.js';
import { listText } from '../../support/sample-objects.js';
import { causeInput, damagedNode, nodes, programmedText, vip } from '../support/damaged-node.js';

const service = (spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web-service', namespace: 'default' },
  spec: { clusterIP: vip, selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], ...spec },
});

interface SliceEndpoint {
  readonly address: string;
  readonly nodeName?: string;
  readonly conditions?: object;
}

const slice = (endpoints: readonly SliceEndpoint[], port: object = { port: 8080 }): object => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: 'web-service-1',
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': 'web-service' },
  },
  addressType: 'IPv4',
  ports: [port],
  endpoints: endpoints.map(({ address, ...more }) => ({ addresses: [address], ...more })),
});

interface PodFields {
  readonly labels?: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly isReady?: boolean;
  readonly address?: string;
  readonly deletionTimestamp?: string;
  readonly portName?: string;
}

const pod = (name: string, fields: PodFields = {}): object => {
  const {
    labels = { app: 'web' },
    phase = 'Running',
    isReady = true,
    address,
    deletionTimestamp,
    portName = 'http',
  } = fields;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels, deletionTimestamp },
    spec: { containers: [{ name: 'web', ports: [{ name: portName, containerPort: 8080 }] }] },
    status: {
      phase,
      podIP: address ?? '10.244.1.3',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
    },
  };
};

/** Returns the cause for a Pod, on a node that is programmed as the objects need it. */
async function cause(objects: readonly object[], asked = {}, pods?: readonly Pod[]): Promise<Cause | undefined> {
  const cluster = clusterFrom(listText(...nodes, ...objects));
  const input = await causeInput(damagedNode(await programmedText(cluster)), 'client-inajob', asked, cluster);
  expect(input.now.verdict).not.toBe('answered');
  const withPods: CauseInput = pods === undefined ? input : { ...input, pods };
  return causeOf(withPods);
}

test('endpoints that are not ready are named', async () => {
  const found = await cause([
    service(),
    slice([
      { address: '10.244.1.3', conditions: { ready: false } },
      { address: '10.244.2.2', conditions: { ready: false, serving: false, terminating: true } },
    ]),
  ]);
  expect(found).toMatchObject({
    summary: 'default/web-service has no ready endpoint: 10.244.1.3:8080 is not ready, 10.244.2.2:8080 is terminating.',
    blame: { part: 'endpoints' },
    commands: [],
  });
});

test('endpoints on other nodes do not serve a Service that wants one on this node', async () => {
  const found = await cause([
    service({ internalTrafficPolicy: 'Local' }),
    slice([{ address: '10.244.2.2', nodeName: 'yuanying', conditions: { ready: true } }]),
  ]);
  expect(found?.summary).toBe(
    'internalTrafficPolicy of default/web-service is Local, and no ready endpoint is on this node: ' +
      '10.244.2.2:8080 on yuanying.',
  );
});

test('a Service without any endpoint object', async () => {
  expect((await cause([service()]))?.summary).toBe(
    'There is neither an EndpointSlice nor an Endpoints object of default/web-service.',
  );
});

test('a Service without a selector or an EndpointSlice, in a cluster whose controllers make these', async () => {
  const managed = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'other-1',
      namespace: 'default',
      labels: {
        'kubernetes.io/service-name': 'other',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
    },
    addressType: 'IPv4',
    endpoints: [],
  };
  expect(await cause([service({ selector: undefined }), managed])).toMatchObject({
    summary:
      'There is no EndpointSlice of default/web-service: no controller has made one from an Endpoints object, as ' +
      'they do in this cluster.',
    why: 'The Service has no selector, so its endpoints must be written by hand.',
  });
});

test('a port whose name no endpoint has', async () => {
  const found = await cause(
    [service({ ports: [{ name: 'web', port: 80 }] }), slice([{ address: '10.244.1.3' }], { name: 'http', port: 8080 })],
    { servicePort: 'default/web-service:web' },
  );
  expect(found?.summary).toBe(
    'No endpoint of default/web-service has a TCP port named web: they have TCP 8080 (http).',
  );
});

const empty = [service(), slice([])];

test.each([
  [
    'no Pod has the labels',
    [pod('web-1', { labels: { app: 'wbe' } }), pod('db', { labels: { app: 'database' } })],
    'The selector app=web selects no Pod of the namespace default: Pod web-1 has app=wbe, Pod db has app=database.',
  ],
  ['the Pod is not ready', [pod('web-1', { isReady: false })], '1 Pod selected: web-1 is not ready (Running).'],
  ['the Pod has ended', [pod('web-1', { phase: 'Failed' })], '1 Pod selected: web-1 has ended (Failed).'],
  [
    'the Pod is terminating',
    [pod('web-1', { deletionTimestamp: '2026-11-30T00:00:00Z' })],
    '1 Pod selected: web-1 is terminating.',
  ],
  [
    'the Pod has no address',
    [pod('web-1', { phase: 'Pending', address: '' })],
    '1 Pod selected: web-1 has no address yet (Pending).',
  ],
  [
    'no container has the target port',
    [pod('web-1', { portName: 'web' })],
    'No container of the selected Pods has a TCP port named http; they have web.',
  ],
  [
    'the endpoints are old',
    [pod('web-1')],
    'Ready Pods are selected, so the endpoints are out of date: whatever writes them does not run.',
  ],
])('the Pods say why a Service has no endpoint: %s', async (_, pods, why) => {
  const found = await cause([...empty, ...pods]);
  expect(found).toMatchObject({
    summary: 'default/web-service has no endpoint: its EndpointSlice has no address.',
    why,
  });
});

test('Pods that were read apart from the cluster count as well', async () => {
  const { pods } = clusterFrom(listText(pod('web-1', { labels: { app: 'wbe' } })));
  expect((await cause(empty, {}, pods))?.why).toContain('Pod web-1 has app=wbe');
});

test('without Pods the endpoints alone are the cause', async () => {
  expect((await cause(empty))?.why).toBeUndefined();
});

test('a Service without a selector needs endpoints that are written by hand', async () => {
  expect((await cause([service({ selector: undefined }), slice([])]))?.why).toBe(
    'The Service has no selector, so its endpoints must be written by hand.',
  );
});

test('a node without an endpoint of a Service whose policy is Local has that as the cause', async () => {
  const spec = {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    externalIPs: ['198.51.100.7'],
    ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
  };
  const objects = [
    service(spec),
    slice([{ address: '10.244.2.2', nodeName: 'yuanying', conditions: { ready: true } }]),
  ];
  const cluster = clusterFrom(listText(...nodes, ...objects));
  const node = damagedNode(await programmedText(cluster));
  const asked = { address: '198.51.100.7', kind: 'external IP' } as const;
  expect(causeOf(await causeInput(node, 'outside', asked, cluster))).toMatchObject({
    summary:
      'externalTrafficPolicy of default/web-service is Local, and no ready endpoint is on this node: ' +
      '10.244.2.2:8080 on yuanying.',
    blame: { part: 'endpoints' },
    commands: [],
  });
});
