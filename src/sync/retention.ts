import type { Cluster } from '../cluster/cluster.js';
import { KproxyError } from '../errors.js';
import { elementsOf, type NodeState } from '../node/state.js';
import type { IsOwn } from '../plan/ownership.js';
import { allServices, type Retention } from '../proxy/retained.js';
import type { ReadScope } from './coverage.js';

/** What a reading that was narrowed or partly invalid must not remove. */
export function retentionOf(cluster: Cluster, actual: NodeState, scope: ReadScope): Retention {
  const invalidService = cluster.invalid.find(({ kind }) => mayBeService(kind));
  return {
    unclaimed:
      scope.namespace !== undefined
        ? `only namespace ${scope.namespace} was read`
        : invalidService && 'an object that could not be used may ask for it',
    endpointsOf: unknownEndpoints(cluster, actual, scope.allowEmpty),
  };
}

/** A kind that is misspelt may have been meant for a Service. */
const mayBeService = (kind: string): boolean => !isEndpointKind(kind) && kind !== 'Node' && kind !== 'Pod';

const isEndpointKind = (kind: string): boolean => kind === 'EndpointSlice' || kind === 'Endpoints';

function unknownEndpoints(cluster: Cluster, actual: NodeState, allowEmpty: boolean): ReadonlyMap<string, string> {
  const unknown = new Map<string, string>();
  for (const { kind, namespace, service } of cluster.invalid)
    if (isEndpointKind(kind))
      unknown.set(
        service === undefined ? allServices : `${namespace}/${service}`,
        'an object with its endpoints could not be used',
      );
  if (!allowEmpty && hasNoEndpointObjects(cluster) && elementsOf(actual, 'real-server').length > 0)
    unknown.set(allServices, 'not one EndpointSlice or Endpoints object was read');
  return unknown;
}

export const hasNoEndpointObjects = (cluster: Cluster): boolean =>
  cluster.services.length > 0 && cluster.endpointSlices.length === 0 && cluster.endpoints.length === 0;

/**
 * A cluster always has the Service `kubernetes`: a reading without any is no order to remove everything.
 * @throws KproxyError (exit code 3)
 */
export function refuseEmpty(cluster: Cluster, actual: NodeState, isOwn: IsOwn, scope: ReadScope): void {
  if (cluster.services.length > 0 || scope.allowEmpty || scope.namespace !== undefined) return;
  const present = elementsOf(actual, 'virtual-server').filter(isOwn).length;
  if (present === 0) return;
  throw new KproxyError({
    message: `no Service was read, but this node has ${present} virtual server${present === 1 ? '' : 's'} of kproxy's`,
    evidence: cluster.invalid.length > 0 ? 'All Services that were read are invalid.' : '',
    advice: 'Nothing was changed. If the cluster really has no Service left, say so with --allow-empty.',
    code: 'cluster-empty',
  });
}
