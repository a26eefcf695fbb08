import { describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import { listOf, service } from './objects-for-tests.js';

const notesOf = async (...objects: readonly object[]) =>
  (await readClusterFiles(['-'], async () => JSON.stringify(listOf(...objects)))).notes;

const deployment = (apiVersion = 'apps/v1', metadata: object = {}) => ({
  apiVersion,
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
});
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1' }, spec: { containers: [{ name: 'web' }] } };
const slice = (labels?: object) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', labels },
  addressType: 'IPv4',
  endpoints: [],
});

describe('manifests that are no objects of a cluster are named with what they lack', () => {
  test.each([
    [
      'a Deployment',
      deployment(),
      'stdin: Deployment default/web: is not used: a controller of a cluster creates Pods from it, and only those ' +
        'and their endpoints have addresses',
    ],
    [
      'a Pod',
      pod,
      'stdin: Pod default/web-1: status: is missing; without a status the Pod has no address and is no endpoint',
    ],
    [
      'an EndpointSlice',
      slice(),
      'stdin: EndpointSlice default/web-1: metadata.labels["kubernetes.io/service-name"]: is missing; without it the ' +
        'slice belongs to no Service',
    ],
    [
      'a node port',
      service('web', {
        type: 'NodePort',
        ports: [
          { port: 80, nodePort: 30080 },
          { port: 81, name: 'b' },
        ],
      }),
      'stdin: Service default/web: spec.ports[1].nodePort: is missing; the API server would choose one, and no node ' +
        'port is served',
    ],
  ])('%s', async (_, object, line) => {
    expect(await notesOf(service('api'), object)).toEqual([line]);
  });

  test('objects that an API server has stored, other groups and other kinds are not', async () => {
    const stored = { uid: '1' };
    const objects = [
      deployment('apps/v1', stored),
      deployment('example.com/v1'),
      { ...pod, metadata: { ...pod.metadata, ...stored } },
      { ...pod, status: { phase: 'Pending' } },
      slice({ 'kubernetes.io/service-name': 'web' }),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } },
    ];
    expect(await notesOf(service('api'), ...objects)).toEqual([]);
  });

  test('the namespace is that of the command, and a hostile name is quoted', async () => {
    const { notes } = await readClusterFiles(
      ['-'],
      async () => JSON.stringify(listOf(service('api'), deployment('apps/v1', { name: 'a\u001b[2J' }))),
      { namespace: 'shop' },
    );
    expect(notes).toEqual([expect.stringMatching(/^stdin: Deployment "shop\/a\\u001b\[2J": is not used/)]);
  });
});
