import type { Pod } from '../cluster/schema/pod.js';
import type { Service } from '../cluster/schema/service.js';
import type { ClusterStore, ObjectChange } from '../cluster/store.js';
import { matches } from './pod-index.js';

/** The Services whose Endpoints may have become others: those that changed, whose Endpoints changed, and that select a Pod as it was or as it is. */
export function affectedServices(store: ClusterStore, changes: readonly ObjectChange[]): readonly Service[] {
  const services = store.objects('Service');
  const found = new Set<Service>();
  for (const { kind, before, after } of changes)
    for (const object of [before, after]) {
      if (object === undefined) continue;
      if (kind === 'Pod') for (const service of selecting(services.values(), object as Pod)) found.add(service);
      const named = services.get(`${object.metadata.namespace}/${object.metadata.name}`);
      if (kind !== 'Pod' && named !== undefined) found.add(named);
    }
  return [...found];
}

const selecting = (services: Iterable<Service>, pod: Pod): readonly Service[] =>
  [...services].filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace &&
      spec.selector != null &&
      matches(spec.selector, pod.metadata.labels),
  );
