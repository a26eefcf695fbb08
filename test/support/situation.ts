import fc from 'fast-check';
import type { Cluster } from '../../src/cluster/cluster.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { compareWithNothing } from '../../src/sync/compare.js';
import type { FakeNode } from './fake-node/index.js';
import { parityFacts } from './parity-case.js';
import { randomCluster } from './random-cluster.js';
import { partOf } from './random-damage.js';
import { randomOptions } from './random-options.js';
import { stateText } from './state-text.js';

export const parameters = { seed: 20261123, numRuns: 120 };

/** What a cluster asks of a node of which nothing is kept. */
export const desiredState = (cluster: Cluster, options: ProxyOptions): NodeState =>
  compareWithNothing(cluster, options, parityFacts).desired.state;

/** A cluster, the options, and a node with parts of this cluster's state and of another's, some of them damaged. */
export const situation: fc.Arbitrary<readonly [Cluster, ProxyOptions, NodeState]> = fc
  .tuple(randomCluster, randomCluster, randomOptions)
  .chain(([cluster, earlier, options]) =>
    fc.tuple(
      fc.constant(cluster),
      fc.constant(options),
      partOf(new Map([...desiredState(earlier, options), ...desiredState(cluster, options)])),
    ),
  );

/** The node as read, without the kernel parameters that nobody asks for. */
export const stateOf = async (node: FakeNode, wanted: NodeState): Promise<readonly string[]> => {
  const { state } = await readNode(node);
  return stateText(new Map([...state].filter(([key, element]) => element.kind !== 'sysctl' || wanted.has(key))));
};

/** Checks something for many clusters and nodes, the same ones each time. */
export const property = (
  check: (cluster: Cluster, options: ProxyOptions, actual: NodeState) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(situation, ([cluster, options, actual]) => check(cluster, options, actual)),
    parameters,
  );
