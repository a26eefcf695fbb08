import { expect, test } from 'vitest';
import { readClusterFiles } from '../../../src/tutorial/lab/cluster-files.js';
import { storedObject } from '../../../src/tutorial/lab/store.js';

test('the cluster at the beginning has two Nodes and three Pods, and no Service', async () => {
  const { objects, serviceYaml } = await readClusterFiles();
  const files = objects.map(object => storedObject(object, 0)[0]);
  expect(files.sort()).toEqual([
    'node.inajob.json',
    'node.yuanying.json',
    'pod.client-inajob.json',
    'pod.web-inajob.json',
    'pod.web-yuanying.json',
  ]);
  expect(serviceYaml).toMatch(/^kind: Service\nmetadata:\n {2}name: web-service$/m);
});

test('an object is stored as an API server would have it: with a time, a version and an id of its own', () => {
  const now = Date.parse('2026-01-13T01:02:03.456Z');
  const [name, text] = storedObject({ kind: 'Pod', metadata: { name: 'a', labels: { app: 'web' } } }, now);
  expect(name).toBe('pod.a.json');
  expect(JSON.parse(text)).toEqual({
    kind: 'Pod',
    metadata: {
      name: 'a',
      namespace: 'default',
      labels: { app: 'web' },
      creationTimestamp: '2026-01-01T01:02:03Z',
      resourceVersion: '1',
      uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
    },
  });
});
