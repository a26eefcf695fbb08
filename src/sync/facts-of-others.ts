import type { NodeFacts } from '../node/facts.js';
import type { NodeState } from '../node/state.js';
import { type TitledClaims, withForeignServers } from '../plan/foreign-servers.js';
import { type ReadServices, withUnreadClusterIps } from './unread-cluster-ips.js';

/** What a node shows, and what was read of the cluster. */
export interface Known extends ReadServices {
  readonly ledger: TitledClaims;
  /** The whole node. */
  readonly state: NodeState;
  readonly excludeCidrs: readonly string[];
}

/** Returns the facts with what of the node belongs to other software, and to Services that were not read. */
export const withOthers = (facts: NodeFacts, known: Known): NodeFacts =>
  withUnreadClusterIps(withForeignServers(facts, known.state, known.ledger, known.excludeCidrs), known.state, known);

/** Returns true if the claims depend on what belongs to others. On hardly any node they do. */
export const hasOthers = ({ foreignServers, unreadClusterIps }: NodeFacts): boolean =>
  foreignServers !== undefined || unreadClusterIps !== undefined;
