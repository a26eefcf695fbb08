import { endpointFinder } from '../../proxy/endpoint.js';
import type { ServicePort } from '../../proxy/service-port.js';
import type { Source } from './source.js';
import type { AskedTarget } from './targets.js';
import type { World } from './world.js';

/**
 * Returns the namespaces whose Pods an explanation needs: that of a Pod that the user names, and those of Service ports
 * without a ready endpoint, whose Pods say why. Nothing else depends on Pods, and a cluster has many.
 * @param namespace that of a Pod without one
 */
export function namespacesOfPods(
  targets: readonly AskedTarget[],
  source: Source | undefined,
  namespace: string,
  { cluster, proxy }: World,
): readonly string[] {
  const endpointsOf = endpointFinder(cluster, proxy.nodeName);
  const isServed = (port: ServicePort): boolean => endpointsOf(port).some(({ ready }) => ready);
  const unserved = targets.flatMap(({ port }) => (port === undefined || isServed(port) ? [] : [port.namespace]));
  return [...new Set([...(source?.kind === 'pod' ? [source.namespace ?? namespace] : []), ...unserved])];
}
