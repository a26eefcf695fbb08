import { namespacedName } from '../cluster/names.js';
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
  for (const change of changes)
    if (change.kind === 'Pod') {
      for (const pod of [change.before, change.after])
        if (pod !== undefined) for (const service of selectorsOf(services.values(), pod)) found.add(service);
    } else {
      for (const object of [change.before, change.after]) {
        const service = object && services.get(namespacedName(object.metadata));
        if (service !== undefined) found.add(service);
      }
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
