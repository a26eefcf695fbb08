import type { Cluster } from '../cluster/cluster.js';
import type { Element, Reason } from '../node/element.js';
import { endpointSources } from './endpoint.js';
import { type Ledger, ledgerOf } from './ledger.js';
import type { NodeFacts, ProxyOptions } from './options.js';
import { type ClaimService, type ClosedVip, claimService, type ServiceClaims } from './service-claims.js';

/** A Service port that asked for a virtual server which an older Service holds. */
export interface Conflict {
  readonly servicePort: string;
  readonly holder: string;
  /** The virtual server's key. */
  readonly front: string;
}

/** An element with everyone who wants it. */
export interface Wanted {
  readonly element: Element;
  readonly reasons: readonly Reason[];
}

/** The sum of what all Services ask for. */
export interface Claims {
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly conflicts: readonly Conflict[];
  /** Wishes of Services that cannot be honoured, in lines for the user. */
  readonly problems: readonly string[];
  readonly closedToNode: readonly ClosedVip[];
}

/** Adds up what every Service port asks of the node. */
export const claimsOf = (cluster: Cluster, options: ProxyOptions, facts: NodeFacts): Claims =>
  ledgerOfServices(cluster, claimService(cluster, endpointSources(cluster), options, facts)).claims();

/** The ledger of all of a cluster's Services. */
export const ledgerOfServices = ({ services }: Pick<Cluster, 'services'>, claim: ClaimService): Ledger =>
  ledgerOf(services.map(claim).sort(byOrder));

const byOrder = (one: ServiceClaims, other: ServiceClaims): number => (one.order < other.order ? -1 : 1);
