import type { Cluster } from '../cluster/cluster.js';
import { emptyNode } from '../node/actual-state.js';
import type { NodeFacts } from '../node/facts.js';
import type { ProxyOptions } from '../proxy/options.js';
import { ledgerOf } from '../proxy/service-claims.js';
import { wholeCoverage } from './coverage.js';
import { type Reconciliation, reconcile } from './reconcile.js';

/** Reconciles a cluster with a node on which nothing is programmed. */
export const reconcileFromNothing = (cluster: Cluster, options: ProxyOptions, facts: NodeFacts): Reconciliation =>
  reconcile({ ledger: ledgerOf(cluster, options, facts), actual: emptyNode, coverage: wholeCoverage, options, facts });
