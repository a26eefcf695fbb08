import type { Cluster, InvalidObject } from '../cluster/cluster.js';
import type { Service } from '../cluster/schema/service.js';
import { matches } from './pod-index.js';

export interface SelectedServices {
  readonly services: readonly Service[];
  /** Names on the command line that no Service has. */
  readonly missing: readonly string[];
  /** The invalid objects that concern the selected Services. */
  readonly invalid: readonly InvalidObject[];
}

/** Returns the Services with the given names, or all if there are no names, of a namespace (undefined: of all). */
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
  const uniqueNames = [...new Set(names)];
  const services = uniqueNames.flatMap(name => byName.get(name) ?? []);
  const invalidNames = new Set(invalid.flatMap(({ service }) => service ?? []));
  return {
    services,
    missing: uniqueNames.filter(name => !byName.has(name) && !invalidNames.has(name)),
    invalid: invalid.filter(
      ({ kind, service }) => kind === 'Pod' || (service !== undefined && uniqueNames.includes(service)),
    ),
  };
}

/**
 * Returns the invalid object that makes a Service's Endpoints uncertain, or undefined: the Endpoints object itself, or
 * a Pod that the Service may select. The Endpoints object of such a Service is left unchanged.
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
