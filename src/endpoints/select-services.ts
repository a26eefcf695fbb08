import type { Cluster, InvalidObject } from '../cluster/cluster.js';
import type { Service } from '../cluster/schema/service.js';
import { matches } from './pod-index.js';

export interface SelectedServices {
  readonly services: readonly Service[];
  /** Names that were asked for and that nothing has. */
  readonly missing: readonly string[];
  /** What cannot be used among the objects that count here. */
  readonly invalid: readonly InvalidObject[];
}

/** The Services that a run is about: all of the namespace (of all namespaces where undefined), or those named. */
export function selectServices(
  cluster: Cluster,
  namespace: string | undefined,
  names: readonly string[],
): SelectedServices {
  const isInScope = (object: { readonly namespace: string }) =>
    namespace === undefined || object.namespace === namespace;
  const inScope = cluster.services.filter(({ metadata }) => isInScope(metadata));
  const invalid = cluster.invalid.filter(
    object => object.kind !== 'EndpointSlice' && object.kind !== 'Node' && isInScope(object),
  );
  if (names.length === 0) return { services: inScope, missing: [], invalid };
  const byName = new Map(inScope.map(service => [service.metadata.name, service]));
  const wanted = [...new Set(names)];
  const services = wanted.flatMap(name => byName.get(name) ?? []);
  const invalidNames = new Set(invalid.flatMap(({ service }) => service ?? []));
  return {
    services,
    missing: wanted.filter(name => !byName.has(name) && !invalidNames.has(name)),
    invalid: invalid.filter(
      ({ kind, service }) => kind === 'Pod' || (service !== undefined && wanted.includes(service)),
    ),
  };
}

/**
 * The invalid object because of which a Service's Endpoints cannot be told: the Endpoints object itself, or a Pod that
 * the Service may select. What is there for such a Service stays as it is.
 */
export function invalidObjectBehind(service: Service, invalid: readonly InvalidObject[]): InvalidObject | undefined {
  const { namespace, name } = service.metadata;
  const selector = service.spec.selector ?? {};
  return invalid.find(object => {
    if (object.namespace !== namespace) return false;
    return object.kind === 'Pod'
      ? matches(selector, object.labels)
      : object.kind === 'Endpoints' && object.name === name;
  });
}
