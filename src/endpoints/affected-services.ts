import type { Pod } from '../cluster/schema/pod.js';
import type { Service } from '../cluster/schema/service.js';
import type { ClusterStore, ObjectChange } from '../cluster/store.js';
import { matches } from './pod-index.js';

/**
 * Returns the Services whose Endpoints object may be out of date: those that changed, those whose Endpoints object
 * changed, and those that select a changed Pod as it was before or as it is now.
 */
export function affectedServices(store: ClusterStore, changes: readonly ObjectChange[]): readonly Service[] {
  const services = store.objects('Service');
  const found = new Set<Service>();
  for (const { kind, before, after } of changes)
    for (const object of [before, after]) {
      if (object === undefined) continue;
      if (kind === 'Pod') for (const service of selectorsOf(services.values(), object as Pod)) found.add(service);
      const namesake = services.get(`${object.metadata.namespace}/${object.metadata.name}`);
      if (kind !== 'Pod' && namesake !== undefined) found.add(namesake);
    }
  return [...found];
}

/** Returns the Services that select the Pod. */
const selectorsOf = (services: Iterable<Service>, pod: Pod): readonly Service[] =>
  [...services].filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace &&
      spec.selector != null &&
      matches(spec.selector, pod.metadata.labels),
  );
