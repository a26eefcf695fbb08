import fc from 'fast-check';
import type { Cluster } from '../../src/cluster/cluster.js';
import { actualState, emptyNode } from '../../src/node/actual-state.js';
import type { Element } from '../../src/node/element.js';
import type { NodeFacts } from '../../src/node/facts.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { ledgerOf } from '../../src/proxy/service-claims.js';
import { wholeCoverage } from '../../src/sync/coverage.js';
import { type Reconciliation, reconcile } from '../../src/sync/reconcile.js';
import type { FakeNode } from './fake-node/index.js';
import { parityFacts } from './parity-case.js';
import { randomCluster } from './random-cluster.js';
import { partOf } from './random-damage.js';
import { randomOptions } from './random-options.js';
import { stateText } from './state-text.js';

export const parameters = { seed: 20261123, numRuns: 120 };

/** Reconciles a cluster with a node on which nothing is programmed. */
export const reconcileFromNothing = (
  cluster: Cluster,
  options: ProxyOptions,
  facts: NodeFacts = parityFacts,
): Reconciliation =>
  reconcile({ ledger: ledgerOf(cluster, options, facts), actual: emptyNode, coverage: wholeCoverage, options, facts });

/** Returns the state that a node should have on which nothing is programmed. */
export const desiredState = (cluster: Cluster, options: ProxyOptions): NodeState =>
  reconcileFromNothing(cluster, options).desired.state;

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

/**
 * Returns the node as read, without kernel parameters that are not desired. What leaves a choice to the node, such as a
 * limit that is only raised, is shown as desired if it is right.
 */
export const stateOf = async (node: FakeNode, wanted: NodeState): Promise<readonly string[]> => {
  const { findings } = await readNode(node, undefined, { timeouts: wanted.has('ipvs-timeouts') });
  const { state, foreignRules } = actualState(findings);
  const shown = [...state].flatMap(([key, element]) => {
    const desired = wanted.get(key);
    if (element.kind === 'sysctl' && desired === undefined) return [];
    return [[key, leavesChoice(desired) && kindOf(desired).same(element, desired) ? desired : element] as const];
  });
  return stateText(new Map(shown), foreignRules);
};

const leavesChoice = (desired: Element | undefined): desired is Element =>
  desired?.kind === 'ipvs-timeouts' || (desired?.kind === 'sysctl' && desired.atLeast === true);

/** Checks a property for many clusters and nodes, the same ones each time. */
export const property = (
  check: (cluster: Cluster, options: ProxyOptions, actual: NodeState) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(situation, ([cluster, options, actual]) => check(cluster, options, actual)),
    parameters,
  );
