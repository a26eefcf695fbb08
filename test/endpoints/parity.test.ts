import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { readClusterFiles } from '../../src/cluster/files.js';
import type { Endpoints } from '../../src/cluster/schema/endpoints.js';
import type { EndpointsObject } from '../../src/endpoints/decision.js';
import { indexPods } from '../../src/endpoints/pod-index.js';
import { reconcileEndpoints } from '../../src/endpoints/reconcile-endpoints.js';

/*
 * The objects that the endpoints controller of Kubernetes v1.37.2 wrote for the same Services, Pods and earlier
 * Endpoints, as the API server stored them.
 */
const corpus = new URL('../parity/endpoints/', import.meta.url).pathname;
const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Returns the fields that both controllers decide about. The trigger time differs from run to run. */
function comparableFields({ metadata, subsets }: EndpointsObject | Endpoints) {
  const { [triggerTime]: _, ...annotations } = metadata.annotations ?? {};
  return { name: metadata.name, labels: metadata.labels ?? {}, annotations, subsets: subsets ?? [] };
}

/** Returns all Endpoints objects after kproxy reconciled every Service. */
function objectsAfterReconciling(cluster: Cluster): readonly (EndpointsObject | Endpoints)[] {
  const pods = indexPods(cluster.pods);
  const earlier = new Map(cluster.endpoints.map(object => [object.metadata.name, object]));
  for (const service of cluster.services) {
    const decision = reconcileEndpoints(service, pods, earlier.get(service.metadata.name));
    if (decision.outcome !== 'left alone') earlier.set(service.metadata.name, decision.object as Endpoints);
  }
  return [...earlier.values()];
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

describe('Endpoints objects equal those of Kubernetes’ own controller', () => {
  const namespaces = readdirSync(corpus);
  test('the corpus has 17 namespaces', () => expect(namespaces).toHaveLength(17));

  test.each(namespaces)('%s', async namespace => {
    const stdin = () => Promise.reject(new Error('no stdin here'));
    const cluster = await readClusterFiles([join(corpus, namespace, 'input.json')], stdin);
    const expected = JSON.parse(readFileSync(join(corpus, namespace, 'expected.json'), 'utf8')) as {
      items: Endpoints[];
    };
    expect(cluster.invalid).toEqual([]);
    const objects = objectsAfterReconciling(cluster).map(comparableFields).sort(byName);
    expect(objects).toEqual(expected.items.map(comparableFields).sort(byName));
  });
});
