import { atOnce, type InParts } from '../breath.js';
import type { NodeFacts } from '../node/facts.js';
import type { NodeState } from '../node/state.js';
import { type TitledClaims, withForeignServersInParts } from '../plan/foreign-servers.js';
import { type ReadServices, withUnreadClusterIps } from './unread-cluster-ips.js';

/** What a node shows, and what was read of the cluster. */
export interface Known extends ReadServices {
  readonly ledger: TitledClaims;
  /** The whole node. */
  readonly state: NodeState;
  readonly excludeCidrs: readonly string[];
}

/** Returns the facts with what of the node belongs to other software, and to Services that were not read. */
export const withOthers = (facts: NodeFacts, known: Known): NodeFacts => atOnce(withOthersInParts(facts, known));

/** Does the same and yields in between. */
export function* withOthersInParts(facts: NodeFacts, known: Known): InParts<NodeFacts> {
  const { state, ledger, excludeCidrs } = known;
  return withUnreadClusterIps(yield* withForeignServersInParts(facts, state, ledger, excludeCidrs), state, known);
}

/** Returns true if the claims depend on what belongs to others. On hardly any node they do. */
export const hasOthers = ({ foreignServers, unreadClusterIps }: NodeFacts): boolean =>
  foreignServers !== undefined || unreadClusterIps !== undefined;
