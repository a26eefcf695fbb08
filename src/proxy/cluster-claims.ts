import type { Cluster } from '../cluster/cluster.js';
import type { NodeFacts } from '../node/facts.js';
import type { Claims } from './claims.js';
import { endpointSources } from './endpoint.js';
import { Ledger } from './ledger.js';
import type { ProxyOptions } from './options.js';
import { type ClaimService, claimService, type ServiceClaims } from './service-claims.js';

/** Adds up what every Service port asks of the node. */
export const claimsOf = (cluster: Cluster, options: ProxyOptions, facts: NodeFacts): Claims =>
  ledgerOfServices(cluster, claimService(cluster, endpointSources(cluster), options, facts)).claims();

/** The ledger of all of a cluster's Services. */
export const ledgerOfServices = ({ services }: Pick<Cluster, 'services'>, claim: ClaimService): Ledger =>
  new Ledger(services.map(claim).sort(byOrder));

const byOrder = (one: ServiceClaims, other: ServiceClaims): number => (one.order < other.order ? -1 : 1);
