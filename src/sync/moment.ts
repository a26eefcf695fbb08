import type { Service } from '../cluster/schema/service.js';
import type { ClusterStore } from '../cluster/store.js';
import type { FindSources } from '../proxy/endpoint.js';
import { sourcesIn } from './touched.js';

/** What a sync looks up in a store. */
export interface StoreLookup {
  /** Returns a Service by `namespace/name`. */
  readonly serviceNamed: (service: string) => Service | undefined;
  /** Returns the objects with the endpoints of a Service. */
  readonly sourcesOf: FindSources;
}

/** Looks up the objects as they are at the time of each call. */
export const storeNow = (store: ClusterStore): StoreLookup => ({
  serviceNamed: name => store.objects('Service').get(name),
  sourcesOf: sourcesIn(store),
});

/** Looks up these Services as they are at this moment, and all others as they are at the time of each call. */
export function momentOfServices(store: ClusterStore, names: Iterable<string>): StoreLookup {
  const now = storeNow(store);
  const known = new Map(
    Array.from(names, name => [name, { service: now.serviceNamed(name), sources: now.sourcesOf(name) }]),
  );
  return {
    serviceNamed: name => (known.has(name) ? known.get(name)?.service : now.serviceNamed(name)),
    sourcesOf: name => known.get(name)?.sources ?? now.sourcesOf(name),
  };
}

/**
 * Looks up the objects as they are at this moment, whatever changes later: a computation in parts must not see a
 * Service from before a change and its endpoints from after it.
 */
export function momentOf(store: ClusterStore): StoreLookup {
  const services = new Map(store.objects('Service'));
  const endpoints = new Map(store.objects('Endpoints'));
  const slices = store.slicesByService();
  return {
    serviceNamed: name => services.get(name),
    sourcesOf: service => ({ slices: slices.get(service) ?? [], endpoints: endpoints.get(service) }),
  };
}
