import { isEndpointKind } from '../cluster/kinds.js';
import type { ObjectChange } from '../cluster/store.js';
import type { Family } from '../net/address.js';
import { concernedFamilies } from './changed-families.js';

/** How many of a batch of changes concern Services, and how many concern their endpoints. */
export interface ChangeCounts {
  readonly services: number;
  readonly endpoints: number;
}

/** Counts each object once. */
export function changeCounts(changes: readonly ObjectChange[]): ChangeCounts {
  const services = changes.filter(({ kind }) => kind === 'Service').length;
  const endpoints = changes.filter(({ kind }) => isEndpointKind(kind)).length;
  return { services, endpoints };
}

/**
 * Counts changes as the proxiers of kube-proxy do together: each proxier sees every Service, whatever its families
 * (ServiceChangeTracker), and the EndpointSlices of its own family (EndpointsChangeTracker).
 */
export function proxierCounts(changes: readonly ObjectChange[], served: readonly Family[]): ChangeCounts {
  const endpoints = changes
    .filter(({ kind }) => isEndpointKind(kind))
    .reduce((sum, change) => sum + servedOf(concernedFamilies(change), served).length, 0);
  return { services: changeCounts(changes).services * served.length, endpoints };
}

const servedOf = (concerned: ReadonlySet<Family>, served: readonly Family[]): readonly Family[] =>
  served.filter(family => concerned.has(family));

/** Returns the served families that changes concern. */
export function servedAndConcerned(changes: readonly ObjectChange[], served: readonly Family[]): readonly Family[] {
  const concerned = new Set<Family>();
  for (const change of changes) {
    for (const family of concernedFamilies(change)) concerned.add(family);
    if (served.every(family => concerned.has(family))) break;
  }
  return servedOf(concerned, served);
}
