import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { readClusterFiles } from '../../src/cluster/files.js';
import type { Endpoints } from '../../src/cluster/schema/endpoints.js';
import { type EndpointsObject, reconcileEndpoints } from '../../src/endpoints/reconcile-endpoints.js';
import { indexPods } from '../../src/endpoints/pod-index.js';

/*
 * What Kubernetes v1.37.2's own controller wrote for the same Services, Pods and earlier Endpoints, as the API server
 * stored it.
 */
const corpus = new URL('../parity/endpoints/', import.meta.url).pathname;
const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';

function compared({ metadata, subsets }: EndpointsObject | Endpoints) {
  const { [triggerTime]: _, ...annotations } = metadata.annotations ?? {};
  return { name: metadata.name, labels: metadata.labels ?? {}, annotations, subsets: subsets ?? [] };
}

function written(cluster: Cluster): readonly (EndpointsObject | Endpoints)[] {
  const pods = indexPods(cluster.pods);
  const earlier = new Map(cluster.endpoints.map(object => [object.metadata.name, object]));
  for (const service of cluster.services) {
    const verdict = reconcileEndpoints(service, pods, earlier.get(service.metadata.name));
    if (verdict.is !== 'left alone') earlier.set(service.metadata.name, verdict.object as Endpoints);
  }
  return [...earlier.values()];
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

describe('the Endpoints objects are those that Kubernetes’ own controller wrote', () => {
  const namespaces = readdirSync(corpus);
  test('the corpus is there', () => expect(namespaces).toHaveLength(17));

  test.each(namespaces)('%s', async namespace => {
    const stdin = () => Promise.reject(new Error('no stdin here'));
    const cluster = await readClusterFiles([join(corpus, namespace, 'input.json')], stdin);
    const expected = JSON.parse(readFileSync(join(corpus, namespace, 'expected.json'), 'utf8')) as {
      items: Endpoints[];
    };
    expect(cluster.invalid).toEqual([]);
    expect(written(cluster).map(compared).sort(byName)).toEqual(expected.items.map(compared).sort(byName));
  });
});
