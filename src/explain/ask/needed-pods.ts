import { endpointSources, endpointsFrom } from '../../proxy/endpoint.js';
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
  const sourcesOf = endpointSources(cluster);
  const isServed = (port: ServicePort): boolean =>
    endpointsFrom(sourcesOf(`${port.namespace}/${port.service}`), proxy.nodeName)(port).some(({ ready }) => ready);
  const unserved = targets.flatMap(({ port }) => (port === undefined || isServed(port) ? [] : [port.namespace]));
  return [...new Set([...(source?.kind === 'pod' ? [source.namespace ?? namespace] : []), ...unserved])];
}
