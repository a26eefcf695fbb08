import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { serviceTraces } from '../../src/cluster/service-traces.js';
import { ClusterStore } from '../../src/cluster/store.js';
import { actualState } from '../../src/node/actual-state.js';
import { readNode } from '../../src/node/read.js';
import { Programmer } from '../../src/sync/programmer.js';
import { fakeNode } from '../support/fake-node/index.js';
import { parityOptions } from '../support/parity-case.js';
import { randomCluster } from '../support/random-cluster.js';
import { randomOptions } from '../support/random-options.js';
import { reconciliationOn } from '../support/synced-node.js';

const runs = { seed: 20261126, numRuns: Number(process.env.KPROXY_RUNS ?? 100) };
/** The limit for a property, which grows with the number of its runs. */
const milliseconds = Math.max(60_000, 300 * runs.numRuns);
const scope = { namespace: undefined, allowEmpty: true };

/** Clusters that share half of their objects with the one before, so that unchanged objects are covered too. */
const history = fc.array(randomCluster, { minLength: 2, maxLength: 5 }).map(clusters =>
  clusters.map((cluster, index): Cluster => {
    const before = clusters[index - 1];
    if (before === undefined) return cluster;
    const half = <Item>(items: readonly Item[]) => items.filter((_, position) => position % 2 === 0);
    const others = <Item>(items: readonly Item[]) => items.filter((_, position) => position % 2 === 1);
    const named = <Item extends { metadata: { namespace: string; name: string } }>(items: readonly Item[]) => [
      ...new Map(items.map(item => [`${item.metadata.namespace}/${item.metadata.name}`, item])).values(),
    ];
    return {
      ...cluster,
      services: named([...half(before.services), ...others(cluster.services)]),
      endpointSlices: named([...half(before.endpointSlices), ...others(cluster.endpointSlices)]),
      endpoints: named([...half(before.endpoints), ...others(cluster.endpoints)]),
    };
  }),
);

/** Some have an excluded network that contains addresses of Services. */
const options = fc
  .tuple(randomOptions, fc.constantFrom<readonly string[]>([], ['10.96.0.2/31', '198.51.100.0/30']))
  .map(([proxy, excludeCidrs]) => ({ ...proxy, excludeCidrs }));

test(
  'partial syncs leave a node in sync with the whole cluster',
  () =>
    fc.assert(
      fc.asyncProperty(history, options, async (clusters, proxy) => {
        const store = new ClusterStore();
        const node = fakeNode();
        const programmer = new Programmer({ ...scope, store, node, proxy });
        for (const [index, cluster] of clusters.entries()) {
          const changes = store.replaceAll(cluster);
          await (index === 0 ? programmer.syncAll(changes) : programmer.syncChanges(changes));
          const left = (await reconciliationOn(node, cluster, proxy, scope)).plan;
          expect(left).toEqual([]);
        }
      }),
      runs,
    ),
  milliseconds,
);

/** What an invalid Service may still say, in addresses and ports of the random clusters. */
const traces = fc
  .record({
    clusterIP: fc.constantFrom('10.96.0.1', 'fd00:96::2', '10.96.0.300', undefined),
    externalIPs: fc.subarray(['198.51.100.1', '198.51.100.2', '2001:db8:1::3']),
    ports: fc.subarray([
      { port: 80, nodePort: 30080 },
      { port: 53, protocol: 'UDP', nodePort: 30053 },
      { port: 70000 },
    ]),
    healthCheckNodePort: fc.constantFrom(31000, undefined),
  })
  .map(spec => serviceTraces({ spec }));

/** Invalid objects: Services that earlier clusters may have had, endpoints, and objects of other kinds. */
const invalid = fc.array(
  fc.record({
    isUsed: fc.constant(false),
    traces: fc.option(traces, { nil: undefined }),
    source: fc.constant('test'),
    kind: fc.constantFrom('Service', 'EndpointSlice', 'Endpoints', 'Pod'),
    namespace: fc.constant('default'),
    name: fc.constantFrom('a', 'b', 'c'),
    service: fc.constantFrom('a', 'b', 'c', undefined),
    labels: fc.constant({}),
    problems: fc.constant([]),
  }),
  { maxLength: 2 },
);

test(
  'partial and full syncs keep the same elements for invalid objects',
  () =>
    fc.assert(
      fc.asyncProperty(
        history,
        fc.array(invalid, { minLength: 5, maxLength: 5 }),
        options,
        async (clusters, invalidObjects, proxy) => {
          const [byChange, atOnce] = [true, false].map(isByChange => {
            const [store, node] = [new ClusterStore(), fakeNode()];
            const programmer = new Programmer({ ...scope, store, node, proxy });
            return async (cluster: Cluster) => {
              const changes = store.replaceAll(cluster);
              await (isByChange ? programmer.syncChanges(changes) : programmer.syncAll(changes));
              return [...actualState((await readNode(node)).findings).state].sort();
            };
          });
          for (const [index, cluster] of clusters.entries()) {
            const partly = { ...cluster, invalid: invalidObjects[index] ?? [] };
            expect(await byChange?.(partly)).toEqual(await atOnce?.(partly));
          }
        },
      ),
      runs,
    ),
  milliseconds,
);

test('a partial sync does not read the node', async () => {
  const [first, second] = fc.sample(randomCluster, { seed: 3, numRuns: 2 }) as [Cluster, Cluster];
  const store = new ClusterStore();
  const node = fakeNode();
  const programmer = new Programmer({ ...scope, store, node, proxy: parityOptions });
  await programmer.syncAll(store.replaceAll(first));
  const readings = node.commands.length - node.changing.length;
  await programmer.syncChanges(
    store.replaceAll({ ...first, services: [...first.services, ...second.services.slice(0, 1)] }),
  );
  expect(node.commands.length - node.changing.length).toBe(readings);
});
