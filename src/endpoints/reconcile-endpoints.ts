import type { Endpoints } from '../cluster/schema/endpoints.js';
import type { Service } from '../cluster/schema/service.js';
import { contentOf, isUpToDate } from './compare.js';
import type { EndpointsDecision } from './decision.js';
import { desiredObject, withoutServerFields } from './desired-object.js';
import type { PodIndex } from './pod-index.js';

/**
 * Compares a Service's Endpoints object with what Kubernetes' endpoints controller (kubernetes/pkg/controller/endpoint,
 * v1.37) would write. Ignores Services without a selector and ExternalName Services, as that controller does.
 */
export function reconcileEndpoints(
  service: Service,
  pods: PodIndex,
  existing: Endpoints | undefined,
): EndpointsDecision {
  const { type, selector } = service.spec;
  if (type === 'ExternalName')
    return {
      outcome: 'left alone',
      service,
      reason: 'it is an ExternalName Service, a DNS name that has no endpoints',
    };
  if (selector == null)
    return {
      outcome: 'left alone',
      service,
      reason: 'it has no selector, so its Endpoints are written by the owner of the Service',
    };
  const object = desiredObject(service, pods(service.metadata.namespace, selector), existing);
  if (existing === undefined || !isUpToDate(contentOf(existing), contentOf(object)))
    return { outcome: 'changed', service, object, existing };
  return { outcome: 'unchanged', service, object: withoutServerFields(existing), existing };
}
