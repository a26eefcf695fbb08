import { expect, test } from 'vitest';
import { lessonObjects, useLessonCluster } from './support/lesson-cluster.js';

const cluster = useLessonCluster();

interface List {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: object;
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

async function list(path: string) {
  for (const object of lessonObjects) cluster().write(object);
  const { kind, apiVersion, metadata, items }: List = JSON.parse(await cluster().answer(`get --raw ${path}`));
  return { kind, apiVersion, metadata, names: items.map(item => item.metadata.name) };
}

test.each([
  ['/api/v1/pods', 'PodList', ['client-inajob', 'web-inajob', 'web-yuanying']],
  ['/api/v1/namespaces/default/pods', 'PodList', ['client-inajob', 'web-inajob', 'web-yuanying']],
  ['/api/v1/namespaces/other/pods', 'PodList', []],
  ['/api/v1/nodes', 'NodeList', ['inajob', 'yuanying']],
  ['/api/v1/nodes?fieldSelector=metadata.name%3Dinajob', 'NodeList', ['inajob']],
  ['/api/v1/pods?labelSelector=app%3Dweb', 'PodList', ['web-inajob', 'web-yuanying']],
  [
    '/api/v1/pods?labelSelector=%21service.kubernetes.io%2Fheadless%2Capp+notin+%28web%29',
    'PodList',
    ['client-inajob'],
  ],
  ['/api/v1/services?limit=500', 'ServiceList', []],
  ['/api/v1/endpoints', 'EndpointsList', []],
])('%s', async (path, kind, names) => {
  expect(await list(path)).toEqual({ kind, apiVersion: 'v1', metadata: { resourceVersion: '1' }, names });
});

test('EndpointSlices have their own API group, and there are none', async () => {
  expect(await list('/apis/discovery.k8s.io/v1/endpointslices')).toMatchObject({
    kind: 'EndpointSliceList',
    apiVersion: 'discovery.k8s.io/v1',
    names: [],
  });
});

test('a list comes in pages', async () => {
  const first = await list('/api/v1/pods?limit=2');
  expect(first).toMatchObject({ names: ['client-inajob', 'web-inajob'], metadata: { remainingItemCount: 1 } });
  const { continue: token } = first.metadata as { readonly continue: string };
  const { names, metadata } = await list(`/api/v1/pods?limit=2&continue=${token}`);
  expect([names, metadata]).toEqual([['web-yuanying'], { resourceVersion: '1' }]);
});

test('one object says its kind first', async () => {
  for (const object of lessonObjects) cluster().write(object);
  const text = await cluster().answer('get --raw /api/v1/namespaces/default/pods/web-inajob');
  expect(text).toMatch(/^\{"kind":"Pod","apiVersion":"v1","metadata":\{"name":"web-inajob"/);
});

test.each([
  ['/api/v1/namespaces/default', '"kind":"Namespace"'],
  ['/api/v1/namespaces/other', 'Error from server (NotFound): namespaces "other" not found'],
  ['/api/v1/pods/web-inajob', 'Error from server (NotFound): the server could not find the requested resource'],
  ['/apis/apps/v1/deployments', 'Error from server (NotFound): the server could not find the requested resource'],
  ['/api/v1/pods?watch=1', "error: this kubectl is the lesson's stand-in, and cannot watch"],
  ['/api/v1/pods?labelSelector=%3D', 'Error from server (BadRequest): unable to parse requirement'],
])('%s is answered: %s', async (path, text) => {
  expect(await cluster().answer(`get --raw ${path}`)).toContain(text);
});
