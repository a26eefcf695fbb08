import type { Cluster } from '../cluster/cluster.js';
import type { NodeFacts } from '../node/facts.js';
import type { ActualNode } from '../node/read.js';
import type { NodeState } from '../node/state.js';
import { type IsOwn, ownership, withWantedServers } from '../plan/ownership.js';
import { type Plan, planOf } from '../plan/plan.js';
import { throughStandIns } from '../plan/through-stand-ins.js';
import type { Claims } from '../proxy/claims.js';
import { claimsOf } from '../proxy/cluster-claims.js';
import { completed, type Desired, desiredOf } from '../proxy/desired.js';
import type { ProxyOptions } from '../proxy/options.js';
import { withRetained } from '../proxy/retained.js';
import type { ReadScope } from './coverage.js';
import { refuseEmpty, retentionOf } from './retention.js';

export interface Comparison {
  readonly desired: Desired;
  readonly plan: Plan;
  readonly isOwn: IsOwn;
}

/** The way from the node as it is to what its Services ask for. */
export function compare(cluster: Cluster, actual: ActualNode, options: ProxyOptions, scope: ReadScope): Comparison {
  return compareClaims(claimsOf(cluster, options, actual.facts), cluster, actual, options, scope);
}

/** The same, where what the Services ask for has been added up already. */
export function compareClaims(
  asked: Claims,
  cluster: Cluster,
  actual: ActualNode,
  options: ProxyOptions,
  scope: ReadScope,
): Comparison {
  const isOwn = ownershipOf(actual, options, key => asked.elements.has(key));
  refuseEmpty(cluster, actual.state, isOwn, scope);
  const present = throughStandIns(actual.state);
  const claims = withRetained(asked, present, retentionOf(cluster, present, scope), isOwn);
  const desired = completed(claims, options, actual.facts);
  return { desired, plan: planOf(actual.state, desired, isOwn), isOwn };
}

const ownershipOf = (
  { state, facts }: ActualNode,
  { excludeCidrs }: ProxyOptions,
  isWanted: (key: string) => boolean,
): IsOwn => {
  const nodeAddresses = new Set(facts.localAddresses.map(local => local.address));
  return withWantedServers(ownership(state, { nodeAddresses, excludeCidrs }), isWanted);
};

/** What is still to be changed on a node that has been read again. Connections that have run out since do not count: they are for the next sync. */
export const remaining = (actual: ActualNode, desired: Desired, options: ProxyOptions): Plan =>
  planOf(
    actual.state,
    desired,
    ownershipOf(actual, options, key => desired.state.has(key)),
  );

/** The whole way from a node on which nothing is programmed yet. */
export function compareWithNothing(cluster: Cluster, options: ProxyOptions, facts: NodeFacts): Comparison {
  const nothing: NodeState = new Map();
  const desired = desiredOf(cluster, options, facts);
  const isOwn = () => false;
  return { desired, plan: planOf(nothing, desired, isOwn), isOwn };
}
